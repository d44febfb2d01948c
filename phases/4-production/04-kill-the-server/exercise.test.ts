import { asBytes, asText, expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { howItEnded } from '#ex/04-kill-the-server'
import type { Ending, Said, Trace } from './contract.ts'
import { saidText, traceOf, traceOfKilled } from './samples/trace.ts'

const endIsSuccess = mistake<Endings>(
  'end-is-success',
  'The socket said end, and close without an error, and you believed it. A process that is killed says the same: the system sends FIN for it. Only the framing knows whether something is missing (RFC 9112 §8).',
  (got) => got['chunked, without the last chunk'] === 'complete',
)
const onlyChunks = mistake<Endings>(
  'only-chunks',
  'This body has no chunks: its head has a Content-Length of 9, and 9 bytes have come. It is whole. Ask the head what ends the body (RFC 9112 §6.3).',
  (got) => got['Content-Length: 9, and 9 bytes'] === 'truncated',
)
const looksForTheZero = mistake<readonly string[]>(
  'looks-for-the-zero',
  'You look for the bytes 0␍␊␍␊. Data may have these bytes, and a last chunk may have trailers: 0␍␊x: y␍␊␍␊. Read the chunks from the first one on (RFC 9112 §7.1).',
  () => true,
)
const errorFirst = mistake<Endings>(
  'error-first',
  'The last chunk was there before the connection broke. The answer is whole: what becomes of a connection afterwards is the business of the next request. Ask the framing first.',
  (got) => got['the last chunk, then RST'] === 'reset',
)
const needsEnd = mistake<Endings>(
  'needs-end',
  'You wait for FIN, and it does not come: the connection stays open for the next request. A body has its own end (RFC 9112 §6.3).',
  (got) => got['the last chunk, then nothing'] === 'idle',
)
const silenceIsCut = mistake<Endings>(
  'silence-is-cut',
  'Nobody has cut anything: the connection is open, and silent. The server may still be at work, or gone without a word. That is another case, with another cure.',
  (got) => got['half an event, then nothing'] === 'truncated',
)
const resetIsCut = mistake<Endings>(
  'reset-is-cut',
  'The socket had an error. FIN says "I send nothing more", RST says "I know nothing of this connection": somebody crashed, or a proxy threw you out (RFC 9293 §3.5.2). Tell them apart.',
  (got) => got['half an event, then RST'] === 'truncated',
)
const alwaysChunked = mistake<Endings>(
  'always-chunked',
  'This head has neither Content-Length nor chunked: the body ends with the connection. FIN is its end, and you cannot know better (RFC 9112 §6.3). Look at the head.',
  (got) => got['until close, then FIN'] === 'truncated',
)

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`
const EVENT = '9\r\ndata: 1\n\n\r\n'

const FIN: readonly Said[] = [{ event: 'end' }, { event: 'close', hadError: false }]
const RST: readonly Said[] = [
  { event: 'error', code: 'ECONNRESET' },
  { event: 'close', hadError: true },
]
const SILENCE: readonly Said[] = [{ event: 'timeout' }]

test('an answer with its last chunk is complete', () => {
  expectEndings(
    {
      'chunked, with the last chunk': [`${CHUNKED}${EVENT}0\r\n\r\n`, FIN, 'complete'],
      'Content-Length: 9, and 9 bytes': [`${HEAD}Content-Length: 9\r\n\r\ndata: 1\n\n`, FIN, 'complete'],
    },
    onlyChunks,
  )
})

test('FIN is no end: something may be missing', () => {
  expectEndings(
    {
      'chunked, without the last chunk': [`${CHUNKED}${EVENT}`, FIN, 'truncated'],
      'Content-Length: 18, and 9 bytes': [`${HEAD}Content-Length: 18\r\n\r\ndata: 1\n\n`, FIN, 'truncated'],
      'half a head': [HEAD, FIN, 'truncated'],
    },
    endIsSuccess,
  )
})

test('whichever byte is the last one: of all beginnings of an answer, only the whole is complete', () => {
  // an event whose data looks like the last chunk, and a trailer section
  const whole = asBytes(`${CHUNKED}10\r\ndata: 0\r\n\r\nid: 1\r\n0\r\nChecksum: 7\r\n\r\n`)
  const wrong: string[] = []
  for (let length = 1; length <= whole.length; length++) {
    const bytes = whole.subarray(0, length)
    const expected = length === whole.length ? 'complete' : 'truncated'
    const got = howItEnded({ bytes, said: FIN })
    if (got !== expected) wrong.push(`${got} after byte ${length}: …${JSON.stringify(asText(bytes.subarray(-9)))}`)
  }
  expect(wrong).toMean([], { mistakes: [looksForTheZero] })
})

test('RST is another ending than FIN', () => {
  expectEndings({ 'half an event, then RST': [`${CHUNKED}9\r\ndata`, RST, 'reset'] }, resetIsCut)
})

test('silence is another one still', () => {
  expectEndings({ 'half an event, then nothing': [`${CHUNKED}9\r\ndata`, SILENCE, 'idle'] }, silenceIsCut)
})

test('a complete answer stays complete, whatever becomes of the connection', () => {
  const whole = `${CHUNKED}${EVENT}0\r\n\r\n`
  expectEndings(
    {
      'the last chunk, then RST': [whole, RST, 'complete'],
      'the last chunk, then nothing': [whole, SILENCE, 'complete'],
    },
    errorFirst,
    needsEnd,
  )
})

test('a body that ends with the connection is complete at FIN, and only there', () => {
  const open = `${HEAD}\r\ndata: 1\n\n`
  expectEndings(
    {
      'until close, then FIN': [open, FIN, 'complete'],
      'until close, then RST': [open, RST, 'reset'],
      'until close, then nothing': [open, SILENCE, 'idle'],
    },
    alwaysChunked,
  )
})

test('a server that is killed: its socket looks clean', async () => {
  howItEnded({ bytes: asBytes(CHUNKED), said: FIN })
  const killed = await within(50_000, traceOfKilled(), 'a process to start, and to be killed')
  expect({ said: saidText(killed.said), ending: howItEnded(killed) }).toMean({
    said: 'end, close hadError=false',
    ending: 'truncated',
  })
})

test('real sockets, and five endings', async () => {
  howItEnded({ bytes: asBytes(CHUNKED), said: FIN })
  const [inOrder, border, inside, reset, silent] = await Promise.all([
    real((socket) => socket.end('0\r\n\r\n')),
    real((socket) => socket.end()),
    real((socket) => socket.end('9\r\ndata')),
    real((socket) => socket.resetAndDestroy()),
    real(() => {}),
  ])
  expect({
    'the last chunk, and FIN': howItEnded(inOrder),
    'FIN between two chunks': howItEnded(border),
    'FIN in a chunk': howItEnded(inside),
    'RST in between': howItEnded(reset),
    'nothing more': howItEnded(silent),
  }).toMean({
    'the last chunk, and FIN': 'complete',
    'FIN between two chunks': 'truncated',
    'FIN in a chunk': 'truncated',
    'RST in between': 'reset',
    'nothing more': 'idle',
  })
})

type Endings = Readonly<Record<string, Ending>>
type Case = readonly [bytes: string, said: readonly Said[], ending: Ending]

function expectEndings(
  cases: Readonly<Record<string, Case>>,
  ...mistakes: readonly ReturnType<typeof mistake<Endings>>[]
): void {
  const each = Object.entries(cases)
  const got = Object.fromEntries(
    each.map(([name, [bytes, said]]) => [name, howItEnded({ bytes: asBytes(bytes), said })]),
  )
  const expected = Object.fromEntries(each.map(([name, [, , ending]]) => [name, ending]))
  expect<Endings>(got).toMean(expected, { mistakes })
}

function real(happens: Parameters<typeof traceOf>[0]): Promise<Trace> {
  return within(5000, traceOf(happens), 'the stream to end')
}
