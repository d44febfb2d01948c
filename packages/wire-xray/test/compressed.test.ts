import { constants, createBrotliCompress, createDeflate, createGzip, gzipSync } from 'node:zlib'
import { createXray, type Finding, type Plain } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { encode } from './look.ts'

type Compressor = ReturnType<typeof createGzip> | ReturnType<typeof createBrotliCompress>

/** What a compressor that is flushed behind each part gives for it; the last piece is its end. */
async function flushed(compressor: Compressor, flush: number, parts: readonly string[]): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  let piece: Uint8Array[] = []
  compressor.on('data', (bytes: Uint8Array) => piece.push(bytes))
  for (const part of parts) {
    compressor.write(part)
    await new Promise<void>((resolve) => compressor.flush(flush, () => resolve()))
    pieces.push(Buffer.concat(piece))
    piece = []
  }
  await new Promise<void>((resolve) => compressor.once('end', resolve).end())
  return [...pieces, Buffer.concat(piece)]
}

const head = (coding: string, type = 'text/event-stream') =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Encoding: ${coding}\r\nTransfer-Encoding: chunked\r\n\r\n`

const chunk = (bytes: Uint8Array) => Buffer.concat([encode(`${bytes.length.toString(16)}\r\n`), bytes, encode('\r\n')])

interface Seen {
  readonly findings: Finding[]
  readonly plain: { readonly text: string; readonly spans: Plain['spans'] }[]
}

async function see(reads: readonly (Uint8Array | string)[]): Promise<Seen> {
  const seen: Seen = { findings: [], plain: [] }
  const xray = createXray(
    () => {},
    (finding) => seen.findings.push(finding),
    { onPlain: ({ bytes, spans }) => seen.plain.push({ text: Buffer.from(bytes).toString(), spans }) },
  )
  for (const read of reads) xray.push('down', typeof read === 'string' ? encode(read) : read)
  xray.end('down')
  await xray.settled()
  return seen
}

const token = (text: string) => `data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`

const CODINGS: readonly (readonly [name: string, create: () => Compressor, flush: number])[] = [
  ['gzip', createGzip, constants.Z_SYNC_FLUSH],
  ['deflate', createDeflate, constants.Z_SYNC_FLUSH],
  ['br', createBrotliCompress, constants.BROTLI_OPERATION_FLUSH],
]

describe.each(CODINGS)('an event stream in %s', (coding, create, flush) => {
  test('says which compressed bytes carried each event and token', async () => {
    const pieces = await flushed(create(), flush, [token('a'), token('b'), token('c')])
    const sizes = pieces.map(({ length }) => length)
    const { findings } = await see([head(coding), ...pieces.filter(({ length }) => length > 0).map(chunk), '0\r\n\r\n'])
    const events = findings.filter(({ kind }) => kind === 'event')
    expect(events.map(({ text }) => text)).toHaveLength(3)
    expect(events.map(({ bytes: [range] }) => (range?.[1] ?? 0) - (range?.[0] ?? 0))).toEqual(sizes.slice(0, 3))
    expect(events.map(({ parent }) => parent)).toEqual([0, 1, 2].map((no) => ({ kind: 'chunk', from: no, to: no })))
    const length = token('a').length
    expect(events.map(({ plain }) => plain)).toEqual([0, 1, 2].map((no) => [no * length, (no + 1) * length]))
    const deltas = findings.filter(({ kind }) => kind === 'delta')
    expect(deltas.map(({ text, parent }) => [text, parent])).toEqual(
      ['a', 'b', 'c'].map((text, no) => [text, { kind: 'event', from: no, to: no }]),
    )
    expect(deltas.map(({ bytes }) => bytes)).toEqual(events.map(({ bytes }) => bytes))
  })

  test('names what comes out, byte for byte', async () => {
    const pieces = await flushed(create(), flush, [token('a')])
    const { plain } = await see([head(coding), ...pieces.filter(({ length }) => length > 0).map(chunk), '0\r\n\r\n'])
    const text = plain.map((part) => part.text).join('')
    const spans = plain.flatMap((part) => part.spans)
    expect(text).toBe(token('a'))
    expect(spans.map(({ layer, element, start, end }) => `${layer} ${element} ${text.slice(start, end)}`)).toContain(
      'llm delta a',
    )
    expect(spans.map(({ start }) => start)).toEqual([0, ...spans.slice(0, -1).map(({ end }) => end)])
  })
})

test('an event that was held in the compressor comes with the piece that let it go', async () => {
  const [first, , last] = await flushed(createGzip(), constants.Z_NO_FLUSH, [token('a'), token('b')])
  const pieces = [first, last].filter((piece) => piece !== undefined && piece.length > 0) as Uint8Array[]
  const { findings } = await see([head('gzip'), ...pieces.map(chunk), '0\r\n\r\n'])
  const chunks = findings.filter(({ kind }) => kind === 'chunk').length
  expect(findings.filter(({ kind }) => kind === 'event').map(({ parent }) => parent?.to)).toEqual([
    chunks - 1,
    chunks - 1,
  ])
})

test('a piece cut into single bytes is carried by all of them', async () => {
  const bytes = gzipSync(token('a'))
  const body = Buffer.concat([chunk(bytes), encode('0\r\n\r\n')])
  const { findings } = await see([head('gzip'), ...Array.from(body, (byte) => Uint8Array.of(byte))])
  const [event] = findings.filter(({ kind }) => kind === 'event')
  expect(event?.bytes[0]?.[0]).toBe(head('gzip').length + 4)
  expect(event?.parent).toEqual({ kind: 'chunk', from: 0, to: 0 })
})

test('what was compressed in one response is not counted with the next, even if it is found later', async () => {
  const first = Buffer.concat([encode(head('gzip')), chunk(gzipSync(token('a'))), encode('0\r\n\r\n')])
  const { findings } = await see([Buffer.concat([first, first])])
  const events = findings.filter(({ kind }) => kind === 'event').map(({ exchange, no }) => `${no} of ${exchange}`)
  expect(events.sort()).toEqual(['0 of 0', '0 of 1']) // which of two bodies is decompressed first, zlib's threads decide
})

test('compressed NDJSON is read line by line', async () => {
  const line = '{"model":"m","message":{"content":"Hi"},"done":false}\n'
  const { findings } = await see([head('gzip', 'application/x-ndjson'), chunk(gzipSync(line)), '0\r\n\r\n'])
  expect(findings.filter(({ kind }) => kind === 'delta').map(({ text, part }) => [text, part])).toEqual([
    ['Hi', 'text'],
  ])
})

describe('what cannot be decompressed', () => {
  const errors = ({ findings }: Seen) =>
    findings.filter(({ kind }) => kind === 'error').map(({ layer, code }) => [layer, code])

  test('is an error of the body, and the framing goes on', async () => {
    const seen = await see([head('gzip'), chunk(encode('no gzip at all')), '0\r\n\r\n'])
    expect(errors(seen)).toEqual([['body', 'HTTP_BAD_CODING']])
    expect(seen.findings.map(({ kind }) => kind)).toContain('last-chunk')
  })

  test('because it is cut, says what came out before', async () => {
    const [piece = new Uint8Array()] = await flushed(createGzip(), constants.Z_SYNC_FLUSH, [token('a')])
    const seen = await see([head('gzip'), chunk(piece), '0\r\n\r\n'])
    expect(seen.findings.filter(({ kind }) => kind === 'event')).toHaveLength(1)
    expect(errors(seen)).toEqual([['body', 'HTTP_INCOMPLETE']])
  })

  test('in time is given up, with a finding, and what waits is forgotten', async () => {
    const xray: Finding[] = []
    const eye = createXray(
      () => {},
      (finding) => xray.push(finding),
    )
    eye.push('down', encode(head('gzip')))
    const noise = chunk(Buffer.alloc(1024 * 1024, 1))
    for (let read = 0; read < 10; read++) eye.push('down', noise)
    await eye.settled()
    expect(xray.filter(({ kind }) => kind === 'opaque').map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^more than 8388608 bytes wait/),
    ])
  })
})

test('a few bytes that swell to many events are given up soon, with a finding', async () => {
  const bomb = gzipSync(token('x').repeat(80_000))
  const opaque: string[] = []
  let plain = 0
  const xray = createXray(undefined, ({ kind, summary }) => void (kind === 'opaque' && opaque.push(summary)), {
    onPlain({ bytes }) {
      plain += bytes.length
    },
  })
  for (const read of [encode(head('gzip')), chunk(bomb), encode('0\r\n\r\n')]) xray.push('down', read)
  await xray.settled()
  expect(opaque).toEqual([expect.stringMatching(/come out of \d+ compressed ones: it is not looked into any further$/)])
  expect(plain).toBeLessThan(1024 * 1024 + 32 * bomb.length)
})

test('a long answer that is compressed well, but no more than answers are, is looked at to its end', async () => {
  const long = Array.from(
    { length: 20_000 },
    (_, n) => `id: ${n * 7919}\ndata: {"is":"${'='.repeat(40)}","delta":"${(n * 104_729) % 99_991}"}\n\n`,
  )
  let last = ''
  const xray = createXray(undefined, ({ kind, text }) => {
    if (kind === 'event' || kind === 'opaque') last = text ?? kind
  })
  const whole = gzipSync(long.join(''))
  for (const read of [encode(head('gzip')), chunk(whole), encode('0\r\n\r\n')]) xray.push('down', read)
  await xray.settled()
  expect(last).toContain(`"delta":"${(19_999 * 104_729) % 99_991}"`)
})

test('nothing has to settle where nothing is compressed', async () => {
  const xray = createXray(
    () => {},
    () => {},
  )
  await expect(xray.settled()).resolves.toBeUndefined()
})

test('settled rejects with what a listener threw meanwhile', async () => {
  const xray = createXray(
    () => {},
    ({ kind }) => {
      if (kind === 'event') throw new RangeError('mine')
    },
  )
  xray.push('down', Buffer.concat([encode(head('gzip')), chunk(gzipSync(token('a')))]))
  await expect(xray.settled()).rejects.toThrow('mine')
})
