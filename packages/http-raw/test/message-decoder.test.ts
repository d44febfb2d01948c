import {
  createRequestDecoder,
  createResponseDecoder,
  HttpError,
  type Limits,
  type MessageEvent,
  type RequestHead,
  type ResponseHead,
} from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bytes, toyChunked } from './support.ts'

type Event = MessageEvent<RequestHead | ResponseHead>

/** One line per event, adjacent data joined: what does not depend on how the bytes were cut. */
function told(events: readonly Event[]): string[] {
  const lines: string[] = []
  let data = ''
  for (const event of events) {
    if (event.kind === 'data') data += Buffer.from(event.data).toString('latin1')
    else {
      if (data !== '') lines.push(`data ${data}`)
      data = ''
      lines.push(lineOf(event))
    }
  }
  return data === '' ? lines : [...lines, `data ${data}`]
}

function lineOf(event: Exclude<Event, { kind: 'data' }>): string {
  if (event.kind !== 'head' && event.kind !== 'interim') return event.kind
  const { head } = event
  const start = 'method' in head ? `${head.method} ${head.target}` : `${head.status}`
  const length = event.kind === 'head' ? ` ${event.length.kind}` : ''
  return `${event.kind} ${start}${length} ${String(head.fields).replaceAll('\r\n', ';')}`
}

const refusal = (decoder: Decoder<Event>, input: string): unknown => {
  try {
    decoder.push(bytes(input), () => {})
  } catch (error) {
    return error
  }
  return undefined
}

const options = { transferCodings: [toyChunked] }
const withLimits = (limits: Partial<Limits>) => ({ ...options, limits })

describe('a request', () => {
  const input = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: 1\r\nX:  \xe9 \r\n\r\nhello'
  const events = ['head POST /echo content-length Host: a;Content-Length: 5;X: 1;X: \xe9;', 'data hello', 'end']

  test('decodes the same however it is split', () => {
    for (const reads of everySplit(bytes(input))) expect(told(decodeAll(createRequestDecoder(), reads))).toEqual(events)
  })

  test('stops where it ends, so that the next one can be read', () => {
    const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    expect(createRequestDecoder().push(bytes(one + one), () => {})).toBe(one.length)
    expect(createRequestDecoder().push(bytes(`${input}GET`), () => {})).toBe(input.length)
  })

  test('may have empty lines before it (RFC 9112 §2.2), however they are split', () => {
    for (const reads of everySplit(bytes('\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n'))) {
      expect(told(decodeAll(createRequestDecoder(), reads))).toEqual(['head GET / none Host: a;', 'end'])
    }
  })

  test('hands its body to the transfer coding that was plugged in', () => {
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
    for (const reads of everySplit(bytes(chunked))) {
      expect(told(decodeAll(createRequestDecoder(options), reads)).slice(1)).toEqual(['data hello', 'end'])
    }
  })

  test('names the element the next byte belongs to', () => {
    const decoder = createRequestDecoder()
    const states = Array.from(bytes('GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx'), (byte) => {
      const { state } = decoder
      decoder.push(Uint8Array.of(byte), () => {})
      return state
    })
    expect([...new Set(states), decoder.state]).toEqual(['request-line', 'field-line', 'message-body', 'done'])
  })

  test('that never came is no error, one that was cut is', () => {
    for (const nothing of ['', '\r\n']) expect(decodeAll(createRequestDecoder(), [bytes(nothing)])).toEqual([])
    for (let cut = 1; cut < input.length; cut++) {
      expect(() => decodeAll(createRequestDecoder(), [bytes(input.slice(0, cut))])).toThrow(
        expect.objectContaining({ code: 'HTTP_INCOMPLETE' }),
      )
    }
  })

  test.each([
    ['GET / HTTP/1.1\nHost: a\n\n', 'HTTP_BAD_START_LINE'],
    ['\nGET / HTTP/1.1\r\n', 'HTTP_BAD_START_LINE'],
    ['GET / HTTP/1.1\r\nHost: a\n', 'HTTP_BAD_FIELD'],
    ['GET / HTTP/1.1\r\nHost: a\r\n\n', 'HTTP_BAD_FIELD'],
    ['GET / HTTP/1.1\r\nHost: a\r\r\n\r\n', 'HTTP_BAD_FIELD'],
    ['GET / HTTP/1.1\r\nHost: a\r\nA: b\rC: d\r\n\r\n', 'HTTP_BAD_FIELD'],
    ['GET / HTTP/1.1\r\nHost: a\r\n\r \r\n\r\n', 'HTTP_BAD_FIELD'],
    ['GET / HTTP/1.1\rHost: a\r\n\r\n', 'HTTP_BAD_START_LINE'],
  ])('%j is refused, at every split: only CRLF ends a line', (text, code) => {
    for (const reads of everySplit(bytes(text))) {
      expect(() => decodeAll(createRequestDecoder(), reads)).toThrow(expect.objectContaining({ code }))
    }
  })

  test('is refused by its first line, without waiting for the rest', () => {
    expect(refusal(createRequestDecoder(), 'GET / HTTP/3.0\r\n')).toMatchObject({ status: 505 })
    expect(refusal(createRequestDecoder(), 'GET\r\n')).toMatchObject({ status: 400 })
  })

  test.each(['\nGET / HTTP/1.1\r\n', 'GET / HTTP/1.1\r\nHost: a\nHost: b\r\n', 'GET / HTTP/1.1\r\n\r\n'])(
    'is refused for good by %j: nothing behind it is read',
    (start) => {
      const decoder = createRequestDecoder()
      const broken = refusal(decoder, start)
      expect(broken).toBeInstanceOf(HttpError)
      expect(refusal(decoder, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe(broken)
      expect(() => decoder.end(() => {})).toThrow(broken as HttpError)
    },
  )

  test('with a body too large is refused by its head', () => {
    const events: Event[] = []
    const decoder = createRequestDecoder(withLimits({ bodySize: 4 }))
    expect(() => decoder.push(bytes(input), (event) => events.push(event))).toThrow(
      expect.objectContaining({ code: 'HTTP_BODY_TOO_LARGE', status: 413 }),
    )
    expect(events).toEqual([])
  })
})

describe('the limits of a request head', () => {
  const head = 'GET /12345 HTTP/1.1\r\nHost: a\r\n\r\n'
  const limits: [Partial<Limits>, Partial<Limits>, number][] = [
    [{ headSize: head.length }, { headSize: head.length - 1 }, 431],
    [{ targetSize: 6 }, { targetSize: 5 }, 414],
    [{ fieldCount: 1 }, { fieldCount: 0 }, 431],
  ]

  test.each(limits)('%o is enough, %o is not: %i', (enough, tooLittle, status) => {
    for (const reads of everySplit(bytes(head))) {
      expect(decodeAll(createRequestDecoder(withLimits(enough)), reads)).toHaveLength(2)
      expect(() => decodeAll(createRequestDecoder(withLimits(tooLittle)), reads)).toThrow(
        expect.objectContaining({ code: 'HTTP_HEAD_TOO_LARGE', status }),
      )
    }
  })

  test('hold before the end of a line is seen', () => {
    expect(refusal(createRequestDecoder(), `GET /${'x'.repeat(20_000)}`)).toMatchObject({ status: 414 })
    expect(refusal(createRequestDecoder(), 'x'.repeat(20_000))).toMatchObject({ status: 431 })
    expect(refusal(createRequestDecoder(), `GET / HTTP/1.1\r\nA: ${'x'.repeat(20_000)}`)).toMatchObject({ status: 431 })
  })

  test('count empty lines too, or a peer could send them for ever', () => {
    expect(refusal(createRequestDecoder(), '\r\n'.repeat(10_000))).toMatchObject({ code: 'HTTP_HEAD_TOO_LARGE' })
  })

  test('must be numbers', () => {
    for (const bad of [-1, Number.NaN]) {
      expect(() => createRequestDecoder({ limits: { headSize: bad } })).toThrow(RangeError)
    }
  })

  test('make a head of one byte at a time cost no more than its size', () => {
    const decoder = createRequestDecoder(withLimits({ headSize: 2 ** 20, fieldCount: 2 ** 20 }))
    const input = bytes(`GET / HTTP/1.1\r\nHost: a\r\nA: ${'x'.repeat(1_000_000)}\r\n\r\n`)
    const events: Event[] = []
    for (let at = 0; at < input.length; at++) decoder.push(input.subarray(at, at + 1), (event) => events.push(event))
    expect(events).toHaveLength(2) // quadratic, this would be 10^12 steps
  })
})

describe('a response', () => {
  test('comes after any interim ones (RFC 9110 §15.2), however they are split', () => {
    const input = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 \r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody'
    for (const reads of everySplit(bytes(input))) {
      expect(told(decodeAll(createResponseDecoder('GET'), reads))).toEqual([
        'interim 103 Link: x;',
        'interim 100 ',
        'head 200 until-close ',
        'data body',
        'end',
      ])
    }
  })

  test('with status 101 is the last of HTTP on its connection', () => {
    const events: Event[] = []
    const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'
    expect(createResponseDecoder('GET').push(bytes(`${head}other`), (event) => events.push(event))).toBe(head.length)
    expect(told(events)).toEqual(['head 101 none Upgrade: x;', 'end'])
  })

  test.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['CONNECT', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
  ])('to %s that starts with %j ends with its head', (method, head) => {
    const events: Event[] = []
    expect(createResponseDecoder(method).push(bytes(`${head}hello`), (event) => events.push(event))).toBe(head.length)
    expect(events.at(-1)).toEqual({ kind: 'end' })
  })

  test('one interim response too many is an error', () => {
    const interim = 'HTTP/1.1 102 \r\n\r\n'
    const decoder = () => createResponseDecoder('GET', withLimits({ interimResponses: 2 }))
    expect(refusal(decoder(), interim.repeat(2))).toBeUndefined()
    expect(refusal(decoder(), interim.repeat(3))).toMatchObject({ code: 'HTTP_TOO_MANY_INTERIM' })
  })

  test('that ends after an interim one is cut short', () => {
    expect(() => decodeAll(createResponseDecoder('GET'), [bytes('HTTP/1.1 102 \r\n\r\n')])).toThrow(
      expect.objectContaining({ code: 'HTTP_INCOMPLETE' }),
    )
  })

  test('has no empty line before it: only a server is asked to forgive that', () => {
    expect(refusal(createResponseDecoder('GET'), '\r\nHTTP/1.1 200 OK\r\n')).toMatchObject({
      code: 'HTTP_BAD_START_LINE',
    })
  })
})
