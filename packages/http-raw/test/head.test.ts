import {
  encodeRequestHead,
  encodeResponseHead,
  expectsContinue,
  Fields,
  latin1,
  parseRequestHead,
  parseResponseHead,
  persists,
  requestAuthority,
} from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'

const get = (fields: string, line = 'GET / HTTP/1.1') => parseRequestHead(`${line}\r\n${fields}`)

describe('a request head (RFC 9112 §3)', () => {
  test.each([
    ['GET / HTTP/1.1', 'GET', '/', '1.1'],
    ['GET /a?b=c&d HTTP/1.0', 'GET', '/a?b=c&d', '1.0'],
    ['get / HTTP/1.1', 'get', '/', '1.1'], // another method, but a method
    ['M-SEARCH / HTTP/1.1', 'M-SEARCH', '/', '1.1'],
    ['GET http://b.example:80/x HTTP/1.1', 'GET', 'http://b.example:80/x', '1.1'],
    ['GET https://[::1]:80?q HTTP/1.1', 'GET', 'https://[::1]:80?q', '1.1'],
    ['OPTIONS * HTTP/1.1', 'OPTIONS', '*', '1.1'],
    ['CONNECT b.example:443 HTTP/1.1', 'CONNECT', 'b.example:443', '1.1'],
    ['CONNECT [::1]:443 HTTP/1.1', 'CONNECT', '[::1]:443', '1.1'],
    ['GET / HTTP/1.9', 'GET', '/', '1.1'], // RFC 9110 §2.5: read a higher minor version as our own
    ['GET /{a|b}^`"<> HTTP/1.1', 'GET', '/{a|b}^`"<>', '1.1'], // browsers send these
    ['GET /caf\xc3\xa9 HTTP/1.1', 'GET', '/caf\xc3\xa9', '1.1'], // so does curl
  ])('%j is read', (line, method, target, version) => {
    expect(get('Host: a', line)).toMatchObject({ method, target, version })
  })

  test.each([
    'GET  / HTTP/1.1',
    'GET /\tHTTP/1.1',
    ' GET / HTTP/1.1',
    'GET / HTTP/1.1 ',
    'GET / x HTTP/1.1',
    'GET /',
    'GET',
    '',
    'G(T / HTTP/1.1',
    'GET / http/1.1',
    'GET / HTTP/1.10',
    'GET / HTTP/11',
    'GET / HTTP/1',
    'GET / HTTP/1,1',
    'GET a HTTP/1.1',
    'GET * HTTP/1.1',
    'GET /#x HTTP/1.1',
    'GET a:443 HTTP/1.1',
    'GET http:///x HTTP/1.1',
    'GET http://u:p@b/ HTTP/1.1', // RFC 9110 §4.2.4
    'GET http://:80/ HTTP/1.1',
    'CONNECT / HTTP/1.1',
    'CONNECT b.example HTTP/1.1',
    'CONNECT http://b.example/ HTTP/1.1',
    'GET /\x7f HTTP/1.1',
    'GET /\0 HTTP/1.1',
    'GET / HTTP/1.1\r',
    '\x16\x03\x01', // TLS on the wrong port
  ])('%j is refused', (line) => {
    expect(() => get('Host: a', line)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_START_LINE', status: 400 }))
  })

  test.each(['GET / HTTP/2.0', 'PRI * HTTP/2.0', 'GET / HTTP/0.9'])('%j is another protocol', (line) => {
    expect(() => get('Host: a', line)).toThrow(
      expect.objectContaining({ code: 'HTTP_UNSUPPORTED_VERSION', status: 505 }),
    )
  })

  test.each(['a', 'a:80', 'a:', '', '[::1]', '[::1]:8080', '127.0.0.1', 'a%20b', 'A_b~.example', 'b,c'])(
    'Host %j is valid (RFC 9110 §7.2)',
    (host) => {
      expect(get(`Host: ${host}`).fields.get('host')).toBe(host)
    },
  )

  test.each([
    ['a b', ''],
    ['a/b', ''],
    ['u@a', ''],
    ['a:b', ''],
    ['a:80:80', ''],
    ['[::1', ''],
    ['::1', ''],
    ['http://a', ''],
    ['a\xe9', ''],
    ['a%2', ''],
    ['a', 'Host: a\r\n'],
  ])('Host %j %j is refused, in HTTP/1.0 too', (host, more) => {
    for (const line of ['GET / HTTP/1.1', 'GET / HTTP/1.0']) {
      expect(() => get(`${more}Host: ${host}`, line)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FIELD' }))
    }
  })

  test('needs a Host in HTTP/1.1 and not in HTTP/1.0 (RFC 9112 §3.2)', () => {
    expect(() => get('A: b')).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FIELD' }))
    expect(get('A: b', 'GET / HTTP/1.0').version).toBe('1.0')
  })

  test.each(['A: b\r\n c', ' A: b', 'A: b\r\n\tc'])('with the folded line %j is refused (RFC 9112 §5.2)', (fields) => {
    expect(() => get(`Host: a\r\n${fields}`)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FIELD' }))
  })

  test('does not tell its target in an error, for there may be a key in it', () => {
    expect(() => get('Host: a', 'GET /?key=hunter2 x HTTP/1.1')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })
})

describe('a response head (RFC 9112 §4)', () => {
  test.each([
    ['HTTP/1.1 200 OK', '1.1', 200, 'OK'],
    ['HTTP/1.0 404 Not Found', '1.0', 404, 'Not Found'],
    ['HTTP/1.1 200 ', '1.1', 200, ''],
    ['HTTP/1.1 200', '1.1', 200, ''],
    ['HTTP/1.1 999 \xe9\tx', '1.1', 999, '\xe9\tx'],
  ])('%j is read', (line, version, status, reason) => {
    expect(parseResponseHead(`${line}\r\n\r\n`)).toMatchObject({ version, status, reason })
  })

  test.each([
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 +20 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 200OK',
    'HTTP/1.1 OK',
    'http/1.1 200 OK',
    'ICY 200 OK',
    ' HTTP/1.1 200 OK',
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1 200 O\rK',
    '',
  ])('%j is refused', (line) => {
    expect(() => parseResponseHead(line)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_START_LINE' }))
  })

  test('has its folded lines replaced by SP, as a user agent MUST (RFC 9112 §5.2)', () => {
    const { fields } = parseResponseHead('HTTP/1.1 200 OK\r\nA: b \r\n \t c\r\n\td\r\nE: f\r\n\r\n')
    expect([...fields]).toEqual([
      ['A', 'b c d'],
      ['E', 'f'],
    ])
  })

  test('with a blank before the first field is refused (RFC 9112 §2.2)', () => {
    expect(() => parseResponseHead('HTTP/1.1 200 OK\r\n A: b\r\n\r\n')).toThrow(
      expect.objectContaining({ code: 'HTTP_BAD_FIELD' }),
    )
  })
})

describe('a head to be sent', () => {
  const fields = new Fields({ Host: 'a' })

  test('reads as it was written', () => {
    const request = { method: 'GET', target: '/x', version: '1.1', fields } as const
    expect(latin1(encodeRequestHead(request))).toBe('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')
    const response = { version: '1.1', status: 200, reason: '', fields } as const
    expect(latin1(encodeResponseHead(response))).toBe('HTTP/1.1 200 \r\nHost: a\r\n\r\n')
  })

  test.each([
    ['GET\r\n', '/'],
    ['', '/'],
    ['G T', '/'],
    ['GET', '/ x'],
    ['GET', '/\r\n'],
    ['GET', '/\u010d\u010a'],
    ['GET', '/é'],
    ['GET', '/#x'],
    ['GET', ''],
  ])('is not made of the request line %j %j', (method, target) => {
    expect(() => encodeRequestHead({ method, target, version: '1.1', fields })).toThrow(TypeError)
  })

  test.each([99, 1000, 200.5, Number.NaN])('is not made of the status %d', (status) => {
    expect(() => encodeResponseHead({ version: '1.1', status, reason: '', fields })).toThrow(RangeError)
  })

  test.each(['a\r\nb', 'a\u010d\u010ab', '\0'])('is not made of the reason %j', (reason) => {
    expect(() => encodeResponseHead({ version: '1.1', status: 200, reason, fields })).toThrow(TypeError)
  })
})

describe('what a head means', () => {
  test.each([
    ['GET / HTTP/1.1', 'Host: a:80', 'a:80'],
    ['GET http://b:81/x HTTP/1.1', 'Host: a', 'b:81'], // RFC 9112 §3.2.2: the target outvotes Host
    ['GET /http://b/ HTTP/1.1', 'Host: a', 'a'],
    ['CONNECT b:443 HTTP/1.1', 'Host: a', 'b:443'],
    ['OPTIONS * HTTP/1.1', 'Host: a', 'a'],
    ['GET / HTTP/1.1', 'Host: ', undefined],
    ['GET / HTTP/1.0', 'A: b', undefined],
  ])('%s with %s is for %s', (line, fields, authority) => {
    expect(requestAuthority(get(fields, line))).toBe(authority)
  })

  test.each([
    ['HTTP/1.1', 'A: b', true],
    ['HTTP/1.1', 'Connection: x, Close', false],
    ['HTTP/1.1', 'Connection: keep-alive, close', false],
    ['HTTP/1.0', 'A: b', false],
    ['HTTP/1.0', 'Connection: Keep-Alive', true],
    ['HTTP/1.0', 'Connection: keep-alive\r\nConnection: close', false],
  ])('a connection after %s with %j persists: %s (RFC 9112 §9.3)', (version, fields, expected) => {
    expect(persists(get(`Host: a\r\n${fields}`, `GET / ${version}`))).toBe(expected)
    expect(persists(parseResponseHead(`${version} 200 OK\r\n${fields}`))).toBe(expected)
  })

  test.each([
    ['HTTP/1.1', 'Expect: 100-Continue', true],
    ['HTTP/1.1', 'A: b', false],
    ['HTTP/1.0', 'Expect: 100-continue', false],
  ])('%s with %j waits for a 100: %s (RFC 9110 §10.1.1)', (version, fields, expected) => {
    expect(expectsContinue(get(`Host: a\r\n${fields}`, `POST / ${version}`))).toBe(expected)
  })
})
