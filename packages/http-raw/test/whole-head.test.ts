import type { Decoder } from '@sse-from-scratch/tcp-echo'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHeadDecoder } from '../src/head-decoder.ts'
import { REQUEST, RESPONSE } from '../src/head-grammar.ts'
import { DEFAULT_LIMITS } from '../src/limits.ts'
import { takeWholeRequestHead, takeWholeResponseHead } from '../src/whole-head.ts'
import { bytes } from './support.ts'

const limits = { ...DEFAULT_LIMITS, headSize: 200, targetSize: 40, fieldCount: 6 }

const decoders = {
  request: (takeWhole = takeWholeRequestHead) => createHeadDecoder({ ...REQUEST, takeWhole }, limits),
  response: (takeWhole = takeWholeResponseHead) => createHeadDecoder({ ...RESPONSE, takeWhole }, limits),
}
const leaveItToTheLines = () => 0

/** All that can be seen of a decoder that gets one read. */
function outcome<Head extends object>(decoder: Decoder<Head>, read: Uint8Array): object {
  const heads: object[] = []
  try {
    const taken = decoder.push(read, (head) => heads.push({ ...head, fields: [...(head as { fields: [] }).fields] }))
    return { taken, heads, state: decoder.state }
  } catch (error) {
    const { code, status } = error as { code: string; status: number }
    return { code, status, heads }
  }
}

const startLines = {
  request: [
    'GET / HTTP/1.1',
    'POST /a?b HTTP/1.0',
    'OPTIONS * HTTP/1.1',
    'CONNECT /x HTTP/1.1',
    'GET http://a/ HTTP/1.1',
  ],
  response: ['HTTP/1.1 200 OK', 'HTTP/1.0 404 ', 'HTTP/1.1 099 x', 'HTTP/1.1 204', 'HTTP/1.1 999 \xe9'],
}
const goodLine = fc.constantFrom('Host: a', 'host:a:80', 'A: b', 'A:\t b \t', 'Accept:', 'Connection: close, \xe9')
const badLine = fc.constantFrom('Host: ', ' folded', 'B : c', 'C: a\0b', 'no colon', ': x', 'Long: '.padEnd(90, 'x'))
const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 20, arbitrary: good }, { weight: 1, arbitrary: bad })
const lineEnd = mostly(fc.constant('\r\n'), fc.constantFrom('\n', '\r', '\r\r\n'))
const lines = fc.array(fc.tuple(mostly(goodLine, badLine), lineEnd), { maxLength: 8 })

/** Heads, good and bad, with whatever may follow them. */
const wire = (kind: 'request' | 'response') => {
  const start = mostly(fc.constantFrom(...startLines[kind].slice(0, 2)), fc.constantFrom(...startLines[kind]))
  const host = fc.constantFrom('Host: a\r\n', 'Host: [::1]:80\r\n', '')
  const blank = mostly(fc.constant('\r\n'), fc.constantFrom('', 'x', '\n', '\r'))
  const after = fc.constantFrom('', 'body', 'GET /next HTTP/1.1\r\n')
  return fc
    .tuple(mostly(fc.constant(''), fc.constant('\r\n')), start, lineEnd, host, lines, blank, after)
    .map((parts) => parts.flat(2).join(''))
}

/** One byte of it changed, now and then. */
const damaged = (kind: 'request' | 'response') => {
  const damage = mostly(fc.constant(undefined), fc.tuple(fc.nat(), fc.nat(255)))
  return fc.tuple(wire(kind), damage).map(([text, change]) => {
    const read = bytes(text)
    if (change && read.length > 0) read[change[0] % read.length] = change[1]
    return read
  })
}

test.each(['request', 'response'] as const)(
  'the shortcut for a whole %s head takes what the lines would, as they would',
  (kind) => {
    let whole = 0
    fc.assert(
      fc.property(damaged(kind), (read) => {
        const take = kind === 'request' ? takeWholeRequestHead : takeWholeResponseHead
        if (take(read, 0, limits, () => {}) > 0) whole++
        expect(outcome<object>(decoders[kind](), read)).toEqual(
          outcome<object>(decoders[kind](leaveItToTheLines), read),
        )
      }),
      { numRuns: 3000 },
    )
    expect(whole).toBeGreaterThan(100) // or else nothing has been compared
  },
)

test.each([
  ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 0],
  ['GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\nGET / HTTP', 10],
])('the shortcut takes %j, without the last %i bytes', (text, rest) => {
  expect(takeWholeRequestHead(bytes(text), 0, DEFAULT_LIMITS, () => {})).toBe(text.length - rest)
})

test.each([...Array(9).keys()])('a byte of any kind, %i bytes into a value, is what it is to the lines', (into) => {
  for (let byte = 0; byte < 256; byte++) {
    const read = bytes(`GET / HTTP/1.1\r\nHost: a\r\nA: ${'x'.repeat(9)}\r\n\r\n`)
    read[read.indexOf(0x78) + into] = byte
    expect(outcome(decoders.request(), read)).toEqual(outcome(decoders.request(leaveItToTheLines), read))
  }
})

/** Requests in one read, of `size` bytes each. */
function pipelined(name: string, count: number, size: number): Uint8Array {
  const head = (n: number) => `GET /${name}${n} HTTP/1.1\r\nHost: a\r\nA: ${name}`
  return bytes(Array.from({ length: count }, (_, n) => `${head(n).padEnd(size - 4, '.')}\r\n\r\n`).join(''))
}

test.each([
  ['a', 16, 4096], // the read is more than is looked at
  ['ab', 16, 64],
  ['ab', 16, 4096],
  ['ab', 2, 9000], // and so is each of them
])(
  'the heads of the reads %j, %i of %i bytes, are not taken for others when they come in turns',
  (names, count, size) => {
    const roomy = { ...DEFAULT_LIMITS, headSize: size }
    const clients = [...names].map((name) => ({
      name,
      read: pipelined(name, count, size),
      from: 0,
      seen: [] as string[],
    }))
    for (let n = 0; n < count; n++) {
      for (const client of clients) {
        const { read, from, seen } = client
        client.from += createHeadDecoder(REQUEST, roomy).push(
          read,
          ({ target, fields }) => seen.push(target + fields.get('a')?.charAt(0)),
          from,
        )
      }
    }
    for (const { name, seen, from } of clients) {
      expect(seen).toEqual(Array.from({ length: count }, (_, n) => `/${name}${n}${name}`))
      expect(from).toBe(count * size)
    }
  },
)

test.each([8191, 8192, 8193])('a read of %i bytes is looked at to its last, and no further', (size) => {
  const whole = pipelined('x', 1, size)
  for (const read of [whole, whole.subarray(0, -1), whole.subarray(0, -4)]) {
    const roomy = { ...DEFAULT_LIMITS, headSize: size }
    const [fast, slow] = [takeWholeRequestHead, leaveItToTheLines].map((takeWhole) =>
      outcome(createHeadDecoder({ ...REQUEST, takeWhole }, roomy), read),
    )
    expect(fast).toEqual(slow)
  }
})
