import { createXray, type Direction, ELEMENTS, type Finding, type Span } from '@sse-from-scratch/wire-xray'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode, join } from './look.ts'

interface Traffic {
  readonly direction: Direction
  readonly bytes: Uint8Array
}

function watch(traffic: readonly Traffic[]): { spans: Span[]; findings: Finding[] } {
  const spans: Span[] = []
  const findings: Finding[] = []
  const xray = createXray(
    (span) => spans.push(span),
    (finding) => findings.push(finding),
  )
  for (const { direction, bytes } of traffic) xray.push(direction, bytes)
  xray.end('up')
  xray.end('down')
  return { spans, findings }
}

const piece = fc.constantFrom(
  ...[
    'data: ',
    '{"delta":"',
    'hé',
    '"}',
    '{"choices":[{"delta":{"content":"',
    '"}}]}',
    ': c',
    'id:1',
    'retry: 5',
    'event: x',
  ],
  ...['\n', '\r', '\r\n', '\n\n', '\r\n\r\n', '\ufeff', ' ', ':', '\\', '[DONE]', 'data'],
)
const text = fc.array(piece, { maxLength: 20 }).map((parts) => encode(parts.join('')))

const type = fc.constantFrom('text/event-stream', 'Text/Event-Stream;charset=utf-8', 'application/json')

function chunk(data: Uint8Array): Uint8Array {
  return Buffer.concat([encode(`${data.length.toString(16)};x\r\n`), data, encode('\r\n')])
}

const chunkedResponse = fc
  .tuple(type, fc.array(text, { maxLength: 5 }))
  .map(([contentType, parts]) =>
    Buffer.concat([
      encode(`HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nTransfer-Encoding: chunked\r\n\r\n`),
      ...parts.filter(({ length }) => length > 0).map(chunk),
      encode('0\r\nX-T: 1\r\n\r\n'),
    ]),
  )

const countedResponse = fc
  .tuple(type, text)
  .map(([contentType, body]) =>
    Buffer.concat([
      encode(
        `HTTP/1.1 103 Soon\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]),
  )

const requests = fc
  .array(fc.constantFrom('GET', 'HEAD', 'POST'), { maxLength: 4 })
  .map((methods) => encode(methods.map((method) => `${method} /p HTTP/1.1\r\nHost: h\r\n\r\n`).join('')))

const responses = fc
  .array(fc.oneof(chunkedResponse, countedResponse), { maxLength: 4 })
  .map((all) => Buffer.concat(all))

/** Streams of a connection, sound or with some bytes of theirs changed. */
const streams = fc
  .tuple(requests, responses, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
  .map(([up, down, damage]) => {
    const damaged = Uint8Array.from(down)
    for (const [at, byte] of damage) if (damaged.length > 0) damaged[at % damaged.length] = byte
    return { up, down: damaged }
  })

function cut(direction: Direction, bytes: Uint8Array, cuts: readonly number[]): Traffic[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...at, bytes.length].map((end, index) => ({ direction, bytes: bytes.subarray(at[index - 1] ?? 0, end) }))
}

function expectPartition(spans: readonly Span[], direction: Direction, length: number): void {
  const ours = spans.filter((span) => span.direction === direction)
  let offset = 0
  for (const span of ours) {
    expect(span.start).toBe(offset)
    expect(span.end).toBeGreaterThan(span.start)
    expect(ELEMENTS[span.layer]).toHaveProperty([span.element])
    offset = span.end
  }
  expect(offset).toBe(length)
}

test('spans partition each direction, under names the glossary explains', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(), { maxLength: 8 }), ({ up, down }, cuts) => {
      const { spans } = watch([...cut('up', up, cuts), ...cut('down', down, cuts)])
      expectPartition(spans, 'up', up.length)
      expectPartition(spans, 'down', down.length)
    }),
  )
})

test('where the reads were cut changes neither names nor findings', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(), { maxLength: 8 }), ({ up, down }, cuts) => {
      const whole = watch([
        { direction: 'up', bytes: up },
        { direction: 'down', bytes: down },
      ])
      const inPieces = watch([...cut('up', up, cuts), ...cut('down', down, cuts)])
      expect(join(inPieces.spans)).toEqual(whole.spans)
      expect(inPieces.findings).toEqual(whole.findings)
    }),
  )
})

test('all spans of a read are out when the push returns', () => {
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {},
  )
  const bytes = encode('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n')
  bytes.forEach((byte, at) => {
    xray.push('down', Uint8Array.of(byte))
    expect(spans.at(-1)?.end).toBe(at + 1)
  })
})

test('any bytes at all are named, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (up, down) => {
      const { spans } = watch([
        { direction: 'up', bytes: up },
        { direction: 'down', bytes: down },
      ])
      expectPartition(spans, 'up', up.length)
      expectPartition(spans, 'down', down.length)
    }),
  )
})

test('findings stay inside what has been seen, and their ranges go from left to right', () => {
  fc.assert(
    fc.property(streams, ({ up, down }) => {
      const length = { up: up.length, down: down.length }
      const { findings } = watch([
        { direction: 'up', bytes: up },
        { direction: 'down', bytes: down },
      ])
      for (const { direction, bytes, summary } of findings) {
        expect(summary.length).toBeLessThan(250)
        let last = -1
        for (const [start, end] of bytes) {
          expect(start).toBeGreaterThan(last)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(length[direction])
          last = end
        }
      }
    }),
  )
})
