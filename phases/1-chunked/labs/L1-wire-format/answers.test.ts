import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import { asBytes, asText, expect, mistake } from '@sse-from-scratch/course'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { readRecordingFile } from '@sse-from-scratch/wire-xray/recording'
import { test } from 'vitest'
import { answers } from '#lab/L1-wire-format'
import { RECORDING, startServer } from './record.ts'

const inDecimal = mistake<readonly string[]>(
  'sizes-in-decimal',
  'Write the sizes as they stand on the wire: they are hexadecimal there, and you have counted with ten.',
  (got) => got.includes('26') || got.includes('255'),
)
const noLastSize = mistake<readonly string[]>(
  'no-last-size',
  'The last chunk has a size, too: 0.',
  (got) => got.at(-1) !== '0',
)
const readInDecimal = mistake<number>(
  'read-in-decimal',
  '`1a` is hexadecimal: 1 × 16 + 10.',
  (got) => got === 1 || got === 10 || got === 11,
)
const oneCrlf = mistake<string>(
  'one-crlf',
  'The last chunk ends in CR LF, and an empty line comes behind it: two CR LF.',
  (got) => got.trim() === '30 0d 0a',
)
const charsNotBytes = mistake<number>(
  'chars-not-bytes',
  '`ö` is two bytes in UTF-8. Add up the sizes on the wire, not the letters.',
  (got) => got === 556,
)
const sizesOnly = mistake<number>(
  'sizes-only',
  'Each chunk has two CR LF: one behind the size, one behind the data. The terminator has five bytes.',
  (got) => got < 39,
)
const asAChunk = mistake<number>(
  'empty-is-a-chunk',
  'Look again between the chunk of 8 and the chunk of ff. A chunk of size 0 would have ended the body there (RFC 9112 §7.1).',
  (got) => got > 0,
)

test('the sizes, as they stand on the wire', async () => {
  const got = answers.sizes()
  const { sizes } = await onTheWire()
  expect(got).toMean<readonly string[]>(sizes, { mistakes: [inDecimal, noLastSize] })
})

test('the second size, in decimal', () => {
  expect(answers.secondInDecimal()).toMean(26, { mistakes: [readInDecimal] })
})

test('the bytes that end the body', async () => {
  const got = answers.terminator()
  const { terminator } = await onTheWire()
  expect(got.trim().toLowerCase()).toMean(terminator, { mistakes: [oneCrlf] })
})

test('the bytes of data', async () => {
  const got = answers.dataBytes()
  const { data } = await onTheWire()
  expect(got).toMean(data, { mistakes: [charsNotBytes] })
})

test('the bytes of framing', async () => {
  const got = answers.framingBytes()
  const { framing } = await onTheWire()
  expect(got).toMean(framing, { mistakes: [sizesOnly] })
})

test('what stands for the empty piece', () => {
  expect(answers.bytesForTheEmptyPiece()).toMean(0, { mistakes: [asAChunk] })
})

describeWith(['curl'], 'with curl', ([curl]) => {
  test('curl --raw shows these sizes', async () => {
    const got = answers.sizes()
    const folder = await mkdtemp(join(tmpdir(), 'course-L1-'))
    try {
      await using server = await startServer(join(folder, 'live.xray.jsonl'), 0)
      const { bytes } = await run(curl?.path ?? 'curl', ['-sN', '--raw', '-H', 'Connection: close', server.url])
      expect(got).toMean<readonly string[]>(read(bytes).sizes, { mistakes: [inDecimal, noLastSize] })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

interface Wire {
  readonly sizes: readonly string[]
  readonly terminator: string
  readonly data: number
  readonly framing: number
}

/** The truth of the recording, found by the decoder of the package. */
async function onTheWire(): Promise<Wire> {
  const { entries } = await readRecordingFile(RECORDING)
  const answer = asBytes(
    entries.flatMap((entry) => (entry.kind === 'bytes' && entry.direction === 'down' ? [entry.bytes] : [])),
  )
  return read(answer.subarray(asText(answer).indexOf('\r\n\r\n') + 4))
}

function read(body: Uint8Array): Wire {
  const decoder = createChunkedDecoder()
  const sizes: string[] = []
  let size = ''
  let data = 0
  let lastSizeAt = 0
  for (let at = 0; at < body.length; at++) {
    if (decoder.state === 'chunk-size') {
      if (size === '') lastSizeAt = at
      size += asText(body.subarray(at, at + 1))
    }
    decoder.push(body.subarray(at, at + 1), (event) => {
      if (event.kind === 'data') data += event.data.length
    })
    if (decoder.state !== 'chunk-size' && size !== '') {
      sizes.push(size.trim())
      size = ''
    }
  }
  decoder.end(() => {})
  const terminator = Buffer.from(body.subarray(lastSizeAt))
    .toString('hex')
    .replaceAll(/(..)(?!$)/g, '$1 ')
  return { sizes, terminator, data, framing: body.length - data }
}
