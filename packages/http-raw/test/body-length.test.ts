import {
  type BodyEvent,
  createIdentityEncoder,
  createLengthDecoder,
  createUntilCloseDecoder,
  NO_LIMITS,
  parseRequestHead,
  parseResponseHead,
  requestBodyLength,
  responseBodyLength,
} from '@sse-from-scratch/http-raw'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bytes, toyChunked } from './support.ts'

const codings = [toyChunked]
const ofRequest = (fields: string, version = '1.1', known = codings) =>
  requestBodyLength(parseRequestHead(`POST / HTTP/${version}\r\nHost: a\r\n${fields}`), known)
const ofResponse = (fields: string, { status = 200, method = 'GET', version = '1.1' } = {}) =>
  responseBodyLength(parseResponseHead(`HTTP/${version} ${status} \r\n${fields}`), method, codings)

describe('the length of a body (RFC 9112 §6.3)', () => {
  test.each([
    ['A: b', { kind: 'none' }],
    ['Content-Length: 0', { kind: 'content-length', length: 0 }],
    ['Content-Length: 0012', { kind: 'content-length', length: 12 }],
    ['Content-Length: 9007199254740991', { kind: 'content-length', length: 2 ** 53 - 1 }],
    ['Transfer-Encoding: chunked', { kind: 'transfer-coding', coding: toyChunked }],
    ['Transfer-Encoding: , CHUNKED ,', { kind: 'transfer-coding', coding: toyChunked }],
  ])('of a request with %j is %o', (fields, expected) => {
    expect(ofRequest(fields)).toEqual(expected)
  })

  test.each([
    'Content-Length: ',
    'Content-Length: +1',
    'Content-Length: -1',
    'Content-Length: 0x5',
    'Content-Length: 1e3',
    'Content-Length: 1.0',
    'Content-Length: 1_000',
    'Content-Length: 5 5',
    'Content-Length: 5,5',
    'Content-Length: 5, 6',
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: 5\r\nContent-Length: 5',
    'Content-Length: \xa05',
    'Content-Length: 9007199254740992',
    'Content-Length: 99999999999999999999999999',
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 5',
    'Transfer-Encoding: ',
    'Transfer-Encoding: ,',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: chunked, gzip',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\xa0',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked;a=b', // RFC 9112 §7.1: it has no parameters
    'Transfer-Encoding: "chunked"',
  ])('is not to be trusted with %j', (fields) => {
    expect(() => ofRequest(fields)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FRAMING', status: 400 }))
    expect(() => ofResponse(fields)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FRAMING' }))
  })

  test('is not to be trusted with Transfer-Encoding in HTTP/1.0 (RFC 9112 §6.1)', () => {
    const refusal = expect.objectContaining({ code: 'HTTP_BAD_FRAMING' })
    expect(() => ofRequest('Transfer-Encoding: chunked', '1.0')).toThrow(refusal)
    expect(() => ofResponse('Transfer-Encoding: chunked', { version: '1.0' })).toThrow(refusal)
  })

  test.each(['Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked'])(
    'is unknown with %j, which a server answers with 501',
    (fields) => {
      expect(() => ofRequest(fields)).toThrow(expect.objectContaining({ code: 'HTTP_UNKNOWN_CODING', status: 501 }))
    },
  )

  test('is unknown for chunked too, until somebody plugs it in', () => {
    expect(() => ofRequest('Transfer-Encoding: chunked', '1.1', [])).toThrow(
      expect.objectContaining({ code: 'HTTP_UNKNOWN_CODING', status: 501 }),
    )
  })

  test.each([
    [{}, { kind: 'until-close' }],
    [{ version: '1.0' }, { kind: 'until-close' }],
    [{ method: 'HEAD' }, { kind: 'none' }],
    [{ method: 'CONNECT' }, { kind: 'none' }],
    [{ method: 'CONNECT', status: 407 }, { kind: 'until-close' }],
    [{ status: 101 }, { kind: 'none' }],
    [{ status: 103 }, { kind: 'none' }],
    [{ status: 204 }, { kind: 'none' }],
    [{ status: 304 }, { kind: 'none' }],
  ])('of a response %o without framing fields is %o', (response, expected) => {
    expect(ofResponse('', response)).toEqual(expected)
  })

  test.each([{ method: 'HEAD' }, { status: 204 }, { status: 304 }, { status: 103 }, { method: 'CONNECT' }])(
    'of a response %o is nothing, whatever its fields say',
    (response) => {
      for (const fields of ['Content-Length: 5', 'Transfer-Encoding: chunked', 'Content-Length: x']) {
        expect(ofResponse(fields, response)).toEqual({ kind: 'none' })
      }
    },
  )
})

const text = (events: readonly BodyEvent[]) =>
  events.map((event) => (event.kind === 'data' ? Buffer.from(event.data).toString() : `<${event.kind}>`)).join('')

describe('a body with a Content-Length', () => {
  test('is the same however it is split, and ends once', () => {
    for (const reads of everySplit(bytes('hello'))) {
      expect(text(decodeAll(createLengthDecoder(5), reads))).toBe('hello<end>')
    }
  })

  test('leaves alone what comes behind it', () => {
    const decoder = createLengthDecoder(5)
    expect(decoder.push(bytes('helloGET'), () => {})).toBe(5)
    expect(decoder.state).toBe('done')
    expect(decoder.push(bytes('GET'), () => expect.unreachable())).toBe(0)
  })

  test('that is cut short is an error, not an end', () => {
    expect(() => decodeAll(createLengthDecoder(5), [bytes('hell')])).toThrow(
      expect.objectContaining({ code: 'HTTP_INCOMPLETE' }),
    )
  })

  test('is refused before its first byte when it is one byte too large', () => {
    const limits = { ...NO_LIMITS, bodySize: 5 }
    expect(createLengthDecoder(5, limits).state).toBe('message-body')
    expect(() => createLengthDecoder(6, limits)).toThrow(
      expect.objectContaining({ code: 'HTTP_BODY_TOO_LARGE', status: 413 }),
    )
  })

  test('is sent exactly, or is a TypeError', () => {
    const encoder = createIdentityEncoder(5)
    expect(encoder.encode(bytes('hel'))).toEqual([bytes('hel')])
    expect(() => encoder.encode(bytes('lo!'))).toThrow(TypeError)
    expect(() => encoder.end()).toThrow(TypeError)
    encoder.encode(bytes('lo'))
    expect(encoder.end()).toEqual([])
  })
})

describe('a body until close', () => {
  test('ends with the stream, once', () => {
    for (const reads of everySplit(bytes('hello'))) {
      expect(text(decodeAll(createUntilCloseDecoder(), reads))).toBe('hello<end>')
    }
  })

  test('one byte too large is an error', () => {
    const decoder = createUntilCloseDecoder({ ...NO_LIMITS, bodySize: 5 })
    decoder.push(bytes('hello'), () => {})
    expect(() => decoder.push(bytes('!'), () => {})).toThrow(expect.objectContaining({ code: 'HTTP_BODY_TOO_LARGE' }))
  })
})
