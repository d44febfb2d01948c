import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { asBytes, everyCut, expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { createLineReader } from '#ex/04-a-stream-has-no-edges'

type Lines = readonly string[]

const readIsLine = mistake<Lines>(
  'read-is-line',
  'One read is not one line. TCP joins what was written apart: look for LF in what came, and go on behind it (RFC 9293 §2.2).',
  (got) => got.length < 3,
)
const forgetsTheRest = mistake<Lines>(
  'forgets-the-rest',
  'What stands behind the last LF of a read is the beginning of a line. Keep it, and put the next read behind it.',
  (got) => got.join() !== 'hello',
)
const keepsCr = mistake<Lines>(
  'keeps-cr',
  'CR before LF belongs to the end of the line. You handed it out with the line: nobody sees it, and every comparison fails.',
  (got) => got.some((line) => line.endsWith('\r')),
)
const crIsAnEnd = mistake<Lines>(
  'cr-is-an-end',
  'You ended the line at CR, and once more at its LF, which came with the next read. Only the LF ends a line here: look for a CR before it.',
  (got) => got.includes(''),
)
const dropsEmptyLines = mistake<Lines>(
  'drops-empty-lines',
  'An empty line is a line. In HTTP it ends the head, in SSE the event: whoever drops it waits for ever.',
  (got) => !got.includes(''),
)
const dropsTheLast = mistake<Lines>(
  'drops-the-last',
  'The connection has ended, and no LF will come. What you kept is the last line: hand it out in `end`.',
  (got) => got.length === 1,
)
const endAlwaysGives = mistake<Lines>(
  'end-always-gives',
  'Behind the last LF nothing has come. Nothing is not an empty line: an empty line would have an LF of its own.',
  (got) => got.at(-1) === '',
)
const decodesEachRead = mistake<Lines>(
  'decodes-each-read',
  'You decode each read by itself. `ö` is two bytes (c3 b6), and half of it is no text: each half became U+FFFD. Let the decoder wait for the rest.',
  (got) => got.join('').includes('\ufffd'),
)

test('a line in one read', () => {
  expect(pushed('hello\n')).toMean<Lines>(['hello'])
})

test('three lines in one read', () => {
  expect(pushed('one\ntwo\nthree\n')).toMean<Lines>(['one', 'two', 'three'], { mistakes: [readIsLine] })
})

test('one line in three reads', () => {
  expect(pushed('he', 'l', 'lo\n')).toMean<Lines>(['hello'], { mistakes: [forgetsTheRest] })
})

test('CR LF is an end, and no part of the line', () => {
  expect(pushed('one\r\ntwo\r\n')).toMean<Lines>(['one', 'two'], { mistakes: [keepsCr] })
})

test('CR and LF may come in different reads', () => {
  expect(pushed('one\r', '\ntwo\r', '\n')).toMean<Lines>(['one', 'two'], { mistakes: [crIsAnEnd, keepsCr] })
  expect(pushed('one\rtwo\n')).toMean<Lines>(['one\rtwo'], { mistakes: [crIsAnEnd] })
})

test('an empty line is a line', () => {
  expect(pushed('one\n\n\r\ntwo\n')).toMean<Lines>(['one', '', '', 'two'], { mistakes: [dropsEmptyLines] })
})

test('the last line may do without an end', () => {
  expect(pushedAndEnded('one\ntwo')).toMean<Lines>(['one', 'two'], { mistakes: [dropsTheLast] })
})

test('behind the last LF there is no line', () => {
  expect(pushedAndEnded('one\ntwo\n')).toMean<Lines>(['one', 'two'], { mistakes: [endAlwaysGives] })
})

test('a character may be cut in half', () => {
  const [left, right] = [Uint8Array.of(0x77, 0xc3), Uint8Array.of(0xb6, 0x72, 0x74, 0x0a)]
  expect(pushed(left, right)).toMean<Lines>(['wört'], { mistakes: [decodesEachRead] })
})

test('cut anywhere, the lines are the same', () => {
  everyCut<Lines>({
    sample: 'one\r\ntwö\n\n€ 3\r\n\r\n🎈 last',
    run: (reads) => pushedAndEnded(...reads),
    expected: ['one', 'twö', '', '€ 3', '', '🎈 last'],
    mistakes: [decodesEachRead],
  })
})

test('over a real connection, whatever reads it gives', async () => {
  const lines: string[] = []
  const reader = createLineReader((line) => lines.push(line))
  const server = createServer((socket) => {
    for (const text of ['one\nt', 'wo\r', '\nthree']) socket.write(text)
    socket.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  try {
    client.on('data', (bytes) => reader.push(bytes))
    await within(2000, once(client, 'end'), 'the connection to end')
    reader.end()
    expect(lines).toMean<Lines>(['one', 'two', 'three'])
  } finally {
    client.destroy()
    server.close()
  }
})

function pushed(...reads: (string | Uint8Array)[]): Lines {
  return feed(reads).lines
}

function pushedAndEnded(...reads: (string | Uint8Array)[]): Lines {
  const { lines, reader } = feed(reads)
  reader.end()
  return lines
}

function feed(reads: readonly (string | Uint8Array)[]) {
  const lines: string[] = []
  const reader = createLineReader((line) => lines.push(line))
  for (const read of reads) reader.push(asBytes(read))
  return { lines, reader }
}
