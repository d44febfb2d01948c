import { BODIES, NOT_BODIES } from '../cases.ts'
import type { Sent } from './disputes.ts'

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const get = (line: string, ...fields: string[]) => `${line}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`
const HELLO = '5\r\nhello\r\n0\r\n\r\n'

const requestLines = [
  ...[
    'GET / HTTP/1.1',
    'GET / HTTP/1.0',
    'GET / HTTP/1.2',
    'GET / HTTP/2.0',
    'GET / HTTP/0.9',
    'GET /',
    'GET / http/1.1',
  ],
  ...[
    'GET  / HTTP/1.1',
    'GET /\tHTTP/1.1',
    ' GET / HTTP/1.1',
    'GET / HTTP/1.1 ',
    'GET / x HTTP/1.1',
    'GET / HTTP/1.10',
  ],
  ...[
    'GET http://b/ HTTP/1.1',
    'GET http:///x HTTP/1.1',
    'GET http://u@b/ HTTP/1.1',
    'GET a HTTP/1.1',
    'GET * HTTP/1.1',
  ],
  ...['OPTIONS * HTTP/1.1', 'CONNECT b:443 HTTP/1.1', 'CONNECT / HTTP/1.1', 'GET b:443 HTTP/1.1', 'GET /#x HTTP/1.1'],
  ...[
    'GET /\xe9 HTTP/1.1',
    'GET /\0 HTTP/1.1',
    'GET /\x7f HTTP/1.1',
    'get / HTTP/1.1',
    'FOO / HTTP/1.1',
    'G@T / HTTP/1.1',
  ],
  ...[
    'GET ?x HTTP/1.1',
    'GET //b HTTP/1.1',
    'GET ftp://b/ HTTP/1.1',
    'GET http://b HTTP/1.1',
    'GET http://b?x HTTP/1.1',
  ],
  ...[
    'GET http://[::1]/ HTTP/1.1',
    'GET /{|}^`"<> HTTP/1.1',
    'GET /\\x HTTP/1.1',
    'PRI * HTTP/2.0',
    'GET / HTTP/1.1\r',
  ],
]

const fieldLines = [
  ...[
    'A: b',
    'A:b',
    'A:',
    'A:  b\t',
    'A : b',
    'A b: c',
    'A',
    ': b',
    ' A: b',
    'A: b\r\n c',
    'A: b\rc',
    'A: b\nC: d',
    'A: \0',
  ],
  ...[
    'A: \x7f',
    'A: \xe9',
    'A: \x01',
    '\xe9: a',
    'A(: b',
    'A: b\r',
    'Host: b',
    'Connection: close',
    'Connection: Keep-Alive, x',
  ],
  ...['Content-Length: 0', 'Content-Length: +5', 'Content-Length: 0x5', 'Content-Length: 5, 5', 'Content-Length: 5 5'],
  ...['Content-Length: -1', 'Content-Length:', 'Content-Length: \xa05', 'Content-Length: 5\x0b', 'Content-Length: 1e1'],
  ...[
    'Content-Length: 00005',
    'Content-Length: 18446744073709551621',
    'Content-Length: 9007199254740993',
    'Content-Length : 5',
  ],
  ...['Content-Length: 5\r\nContent-Length: 5', 'Content-Length: 5\r\nContent-Length: 6', 'Content-Length: 5'],
  ...['Content-Length: 5\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 5'],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding: Chunked', 'Transfer-Encoding:', 'Transfer-Encoding: identity'],
  ...['Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: chunked, gzip', 'Transfer-Encoding: chunked, chunked'],
  ...[
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: ,chunked,',
    'Transfer-Encoding: xchunked',
  ],
  ...[
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    'Transfer-Encoding: "chunked"',
    'Transfer_Encoding: chunked',
  ],
  ...[
    'Transfer-Encoding: chunked;q=1',
    'Transfer-Encoding:\x0bchunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding: chunked\t',
  ],
  ...[
    'Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding\t: chunked',
    'Transfer-Encoding: chunked ',
  ],
  ...['Transfer-Encoding: chunked, xchunked', 'Content-Length: 0\r\ncontent-length: 5', ' Content-Length: 5'],
  ...['Upgrade: h2c', 'A: b\r\n\rX: y', '\rContent-Length: 5', 'A: \rContent-Length: 5'],
]

const statusLines = [
  ...[
    'HTTP/1.1 200 OK',
    'HTTP/1.0 200 OK',
    'HTTP/1.1 200 ',
    'HTTP/1.1 200',
    'HTTP/1.2 200 OK',
    'HTTP/2.0 200 OK',
    'ICY 200 OK',
  ],
  ...['HTTP/1.1 20 OK', 'HTTP/1.1 2000 OK', 'HTTP/1.1 099 OK', 'HTTP/1.1 +20 OK', 'HTTP/1.1  200 OK', 'HTTP/1.1 200OK'],
  ...[
    'HTTP/1.1 200 \xe9',
    'HTTP/1.1 200 \0',
    'HTTP/1.1 200 \x01',
    'HTTP/1.1 200 a\tb',
    ' HTTP/1.1 200 OK',
    '\r\nHTTP/1.1 200 OK',
  ],
  ...[
    'HTTP/1.1 204 OK',
    'HTTP/1.1 304 OK',
    'HTTP/1.1 999 OK',
    'http/1.1 200 OK',
    'HTTP/1.1 101 OK',
    'HTTP/1.1 200 OK\r',
  ],
  ...['HTTP/1.1 100 \r\n\r\nHTTP/1.1 200 OK', 'HTTP/1.0 103 \r\n\r\nHTTP/1.1 200 OK', '\nHTTP/1.1 200 OK'],
]

const hosts = [
  'Host: a',
  'Host:',
  'Host: a:80',
  'Host: a b',
  'Host: a/b',
  'Host: u@a',
  'Host: [::1]',
  'Host: [::1',
  'Host: a,b',
  'host: a',
]

const requests = [
  ...requestLines.map((line) => get(line, 'Host: a')),
  ...hosts.map((host) => get('GET / HTTP/1.1', host)),
  ...[get('GET / HTTP/1.1'), get('GET / HTTP/1.0'), get('GET / HTTP/1.1', 'Host: a', 'Host: a')],
  ...fieldLines.flatMap((field) => [
    get('POST / HTTP/1.1', 'Host: a', field) + HELLO,
    get('POST / HTTP/1.0', 'Host: a', field) + HELLO,
    get('CONNECT b:443 HTTP/1.1', 'Host: a', field) + HELLO,
    get('POST / HTTP/1.1', field, 'Host: a') + get('GET /2 HTTP/1.1', 'Host: a'),
  ]),
  ...[...BODIES, ...NOT_BODIES].map(
    ([, wire]) =>
      get('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked') + wire + get('GET /2 HTTP/1.1', 'Host: a'),
  ),
  ...['\r\n', '\n', '\r', ' \r\n', '\0', '\r\n\r\n'].flatMap((before) => [
    before + get('GET / HTTP/1.1', 'Host: a'),
    get('GET / HTTP/1.1', 'Host: a') + before + get('GET /2 HTTP/1.1', 'Host: a'),
  ]),
  ...[
    'GET / HTTP/1.1\nHost: a\n\n',
    'GET / HTTP/1.1\r\nHost: a\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\n\n',
    'GET / HTTP/1.1\rHost: a\r\r',
  ],
  ...['GET / HTTP/1.1\r\nHost: a\r\n\r \r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n'],
]

const responses = [
  ...statusLines.map((line) => `${get(line, 'Content-Length: 2')}hi${get('HTTP/1.1 200 OK', 'Content-Length: 0')}`),
  ...fieldLines.flatMap((field) => [
    get('HTTP/1.1 200 OK', field) + HELLO,
    get('HTTP/1.0 200 OK', field) + HELLO,
    get('HTTP/1.1 304 Not Modified', field) + get('HTTP/1.1 200 OK', 'Content-Length: 0'),
  ]),
  ...[...BODIES, ...NOT_BODIES].map(([, wire]) => get('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + wire),
]

/** The classics: what has been read in two ways by somebody, and what everybody must read. */
export const CORPUS: readonly Sent[] = [
  ...requests.map((text) => ({ wire: latin1(text) })),
  ...responses.flatMap((text) => [
    { wire: latin1(text), answers: ['GET', 'GET'] },
    { wire: latin1(text), answers: ['HEAD', 'GET'] },
  ]),
]
