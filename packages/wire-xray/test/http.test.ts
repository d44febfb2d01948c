import { createXray, type Finding, type Span } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { behindHead, CHUNKED, encode, look } from './look.ts'

describe('heads (RFC 9112 §2 to §5)', () => {
  test('a request line is a method, a target and a version', () => {
    expect(look('up', 'GET /a?b HTTP/1.1\r\nHost:x\r\nAccept:\t */* \r\n\r\n').named).toEqual([
      ['http method', 'GET'],
      ['http sp', ' '],
      ['http request-target', '/a?b'],
      ['http sp', ' '],
      ['http http-version', 'HTTP/1.1'],
      ['http crlf', '\r\n'],
      ['http field-name', 'Host'],
      ['http colon', ':'],
      ['http field-value', 'x'],
      ['http crlf', '\r\n'],
      ['http field-name', 'Accept'],
      ['http colon', ':'],
      ['http ows', '\t '],
      ['http field-value', '*/* '],
      ['http crlf', '\r\n'],
      ['http blank-line', '\r\n'],
    ])
  })

  test('a reason phrase may have spaces in it, or be empty', () => {
    expect(look('down', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n').named.slice(2, 6)).toEqual([
      ['http status-code', '404'],
      ['http sp', ' '],
      ['http reason-phrase', 'Not Found'],
      ['http crlf', '\r\n'],
    ])
    expect(look('down', 'HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n').named.slice(2, 5)).toEqual([
      ['http status-code', '404'],
      ['http sp', ' '],
      ['http crlf', '\r\n'],
    ])
  })

  test('an empty line before a request is named, and is not the end of its head (RFC 9112 §2.2)', () => {
    const { named, found } = look('up', '\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(named.slice(0, 2)).toEqual([
      ['http empty-line', '\r\n'],
      ['http method', 'GET'],
    ])
    expect(found).toEqual(['http head: GET /'])
  })

  test('a summary does not repeat the query, where keys hide', () => {
    expect(look('up', 'GET /v1?key=secret HTTP/1.1\r\nHost: x\r\n\r\n').found).toEqual(['http head: GET /v1?…'])
  })

  test('an interim response comes before the one that has the body (RFC 9110 §15.2)', () => {
    const { named, found } = look('down', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi')
    expect(found).toEqual(['http interim: 103 Early Hints', 'http head: 200 OK'])
    expect(named.at(-1)).toEqual(['body message-body', 'hi'])
    expect(named.filter(([name]) => name === 'http status-code')).toHaveLength(2)
  })

  test('an interim response has no content, whatever its fields announce', () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nContent-Type: text/event-stream\r\nContent-Encoding: br\r\n\r\n'
    expect(look('down', `${hint}HTTP/1.1 204 No Content\r\n\r\n`).found).toEqual([
      'http interim: 103 Early Hints',
      'http head: 204 No Content',
    ])
  })

  test('a head finding covers the head, and nothing of the message before it', () => {
    const first = 'GET /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi'
    const second = 'GET /2 HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(look('up', first + second).findings.map(({ bytes }) => bytes)).toEqual([
      [[0, first.length - 2]],
      [[first.length, first.length + second.length]],
    ])
  })
})

describe('body lengths (RFC 9112 §6.3)', () => {
  /** The bytes of a response that were named content, given the requests that went up before. */
  function contentAfter(requests: string, responses: string): string {
    let content = ''
    const bytes = encode(responses)
    const xray = createXray(
      ({ element, start, end }) => {
        if (element === 'message-body') content += `[${new TextDecoder().decode(bytes.subarray(start, end))}]`
      },
      () => {},
    )
    xray.push('up', encode(requests))
    xray.push('down', bytes)
    return content
  }

  test('several exchanges share a connection, each with its own length', () => {
    const ask = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'
    expect(contentAfter(ask + ask, `${answer}hi${answer}ho`)).toBe('[hi][ho]')
  })

  test('the answer to a HEAD has no body, whatever its fields say', () => {
    const head = 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n'
    const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'
    expect(contentAfter(head + get, `${answer}${answer}hi`)).toBe('[hi]')
  })

  test('a 304 has no body, and the next head comes right behind it', () => {
    const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    const answers =
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
    expect(contentAfter(get + get, answers)).toBe('[hi]')
  })

  test('without framing a body goes on until the connection ends, and that is not an error', () => {
    const { named, found } = look('down', 'HTTP/1.0 200 OK\r\n\r\nuntil', ' the end')
    expect(named.at(-1)).toEqual(['body message-body', 'until the end'])
    expect(found).toEqual(['http head: 200 OK'])
  })

  test('behind a 101 both directions are a tunnel (RFC 9110 §7.8)', () => {
    const spans: Span[] = []
    const xray = createXray(
      (span) => spans.push(span),
      () => {},
    )
    xray.push('up', encode('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: z\r\n\r\n'))
    xray.push('down', encode('HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 no more'))
    xray.push('up', encode('GET nothing'))
    expect(
      spans.filter(({ element }) => element === 'tunnel').map(({ direction, end, start }) => [direction, end - start]),
    ).toEqual([
      ['down', 16],
      ['up', 11],
    ])
  })

  test.each([
    [200, 'tunnel'],
    [404, 'message-body'],
  ])('behind a CONNECT that was answered %i comes a %s (RFC 9110 §9.3.6)', (status, element) => {
    const spans: Span[] = []
    const xray = createXray(
      (span) => spans.push(span),
      () => {},
    )
    xray.push('up', encode('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'))
    xray.push('down', encode(`HTTP/1.1 ${status} So\r\n\r\nxyz`))
    expect(spans.at(-1)).toMatchObject({ layer: 'body', element })
  })
})

describe('the chunked coding (RFC 9112 §7.1)', () => {
  test('sizes, extensions, line ends and trailers are framing; only the data is content', () => {
    const seen = look('down', `${CHUNKED}3;a="b"\r\nabc\r\n0A ;c\r\n0123456789\r\n000\r\nX-Sum: 7\r\nY:\r\n\r\n`)
    expect(behindHead(seen)).toEqual([
      ['chunked chunk-size', '3'],
      ['chunked chunk-ext', ';a="b"'],
      ['chunked crlf', '\r\n'],
      ['body message-body', 'abc'],
      ['chunked crlf', '\r\n'],
      ['chunked chunk-size', '0A'],
      ['chunked chunk-ext', ' ;c'],
      ['chunked crlf', '\r\n'],
      ['body message-body', '0123456789'],
      ['chunked crlf', '\r\n'],
      ['chunked chunk-size', '000'],
      ['chunked crlf', '\r\n'],
      ['chunked field-name', 'X-Sum'],
      ['chunked colon', ':'],
      ['chunked ows', ' '],
      ['chunked field-value', '7'],
      ['chunked crlf', '\r\n'],
      ['chunked field-name', 'Y'],
      ['chunked colon', ':'],
      ['chunked crlf', '\r\n'],
      ['chunked blank-line', '\r\n'],
    ])
    expect(seen.found.slice(1)).toEqual([
      'chunked chunk: 3 bytes of data',
      'chunked chunk: 10 bytes of data',
      'chunked last-chunk: size 0: the last chunk',
      'chunked trailers: X-Sum, Y',
    ])
  })

  test('chunk findings lie side by side, from the head to the end of the body', () => {
    const body = '3\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n'
    const bytes = look('down', CHUNKED + body).findings.map((finding) => finding.bytes[0])
    const at = CHUNKED.length
    expect(bytes).toEqual([
      [0, at],
      [at, at + 8],
      [at + 8, at + 15],
      [at + 15, at + 18],
      [at + 18, at + body.length],
    ])
  })

  test('a second response behind a chunked one starts afresh', () => {
    const one = `${CHUNKED}1\r\na\r\n0\r\n\r\n`
    const named = look('down', one + one).named.map(([name]) => name)
    expect(named.slice(named.length / 2)).toEqual(named.slice(0, named.length / 2))
  })

  test('a request body is named like a response body', () => {
    const request = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n'
    expect(look('up', request).named.slice(-6)).toEqual([
      ['chunked crlf', '\r\n'],
      ['body message-body', 'hi'],
      ['chunked crlf', '\r\n'],
      ['chunked chunk-size', '0'],
      ['chunked crlf', '\r\n'],
      ['chunked blank-line', '\r\n'],
    ])
  })
})

test('bytes behind the end of a direction are a mistake of the caller', () => {
  const findings: Finding[] = []
  const xray = createXray(
    () => {},
    (finding) => findings.push(finding),
  )
  xray.end('down')
  xray.end('down')
  expect(() => xray.push('down', encode('x'))).toThrow(TypeError)
  xray.push('up', encode('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
  expect(findings.map(({ summary }) => summary)).toEqual(['GET /'])
})
