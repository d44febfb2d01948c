import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { createRedactor, createXray, type Direction, type Span } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { encode } from './look.ts'

/** What is shown of a direction that arrives in these reads. */
function shown(direction: Direction, reads: Iterable<Uint8Array>): string {
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {},
  )
  const redact = createRedactor()
  const parts = [...reads].map((read) => {
    xray.push(direction, read)
    return redact(read, spans.splice(0))
  })
  return Buffer.concat(parts).toString('latin1')
}

/** The same, after making sure that it is the same at every cut in two and byte by byte. */
function shownAtEveryCut(direction: Direction, text: string): string {
  const whole = shown(direction, [encode(text)])
  for (const reads of everySplit(encode(text))) expect(shown(direction, reads)).toBe(whole)
  return whole
}

const stars = (text: string) => '*'.repeat(text.length)

describe('stars, as many as there were bytes, take the place of', () => {
  test.each([
    ['Authorization', 'Bearer SECRET'],
    ['proxy-authorization', 'Basic SECRET='],
    ['COOKIE', 'a=SECRET; b=c'],
    ['X-Api-Key', 'SECRET'],
    ['api-key', 'SECRET'],
    ['x-goog-api-key', 'SECRET'],
  ])('%s', (name, value) => {
    const head = (text: string) => `GET / HTTP/1.1\r\nHost: a\r\n${name}:  ${text}\r\nX: plain\r\n\r\n`
    expect(shownAtEveryCut('up', head(value))).toBe(head(stars(value)))
  })

  test('Set-Cookie, in a head and in trailers', () => {
    const answer = (text: string) =>
      `HTTP/1.1 200 OK\r\nSet-Cookie: ${text}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nSet-Cookie: ${text}\r\n\r\n`
    expect(shownAtEveryCut('down', answer('id=SECRET'))).toBe(answer(stars('id=SECRET')))
  })

  test.each([
    'key',
    'API_KEY',
    'api-key',
    'apikey',
    'access_token',
    'access-token',
    'token',
    'sig',
    'signature',
    'client_secret',
    'X-Amz-Signature',
    'X-Amz-Security-Token',
    'X-Goog-Signature',
  ])('the parameter %s of a query', (name) => {
    const head = (text: string) => `GET /v1?a=b&${name}=${text}&monkey=c?${name}=${text} HTTP/1.1\r\nHost: a\r\n\r\n`
    expect(shownAtEveryCut('up', head('SEC=RET'))).toBe(head(stars('SEC=RET')))
  })

  test('all that comes behind the byte that broke a head: nobody can say which of it is a key', () => {
    const secret = 'Authorization: SECRET\r\n\r\n'
    const broken = (line: string) => shownAtEveryCut('up', `GET / HTTP/1.1\r\n${line}\r\n${secret}`)
    for (const line of ['X: a\0b', 'X : ', 'Authorization: SEC\0RET']) expect(broken(line)).not.toMatch(/SEC|RET/)
    const spans = [
      { direction: 'up', start: 0, end: 3, layer: 'http', element: 'method' },
      { direction: 'up', start: 3, end: 9, layer: 'body', element: 'unreadable' },
    ] as const
    const redact = createRedactor()
    expect(Buffer.from(redact(encode('GET!SECRE'), spans)).toString()).toBe('GET!*****')
    expect(Buffer.from(redact(encode('T'), [{ ...spans[1], start: 9, end: 10 }])).toString()).toBe('*')
    expect(shownAtEveryCut('up', 'GET /\x01?key=SECRET')).not.toContain('SECRET')
  })
})

test('what breaks a body, or is no HTTP at all, is shown: no credentials have a place there', () => {
  const body = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz rest'
  expect(shownAtEveryCut('down', body)).toBe(body)
  const foreign = '\x16\x03\x01 rest'
  expect(shownAtEveryCut('up', foreign)).toBe(foreign)
})

test.each<[Direction, string]>([
  ['up', 'GET /key=a HTTP/1.1\r\nHost: a\r\nX-Authorization: plain\r\nAuthorizations: plain\r\n\r\n'],
  ['down', 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ncookie: plain\nkey=plain\ndata: cookie\n\n'],
])('nothing else is changed (%s)', (direction, text) => {
  expect(shownAtEveryCut(direction, text)).toBe(text)
})

test('the second request of a connection is looked at like the first', () => {
  const requests = (text: string) => `GET /?key=${text} HTTP/1.1\r\nHost: a\r\nCookie: ${text}\r\n\r\n`.repeat(2)
  expect(shownAtEveryCut('up', requests('SECRET'))).toBe(requests(stars('SECRET')))
})

test('the bytes that are given stay as they are', () => {
  const bytes = encode('GET /?key=SECRET HTTP/1.1\r\nHost: a\r\n\r\n')
  shown('up', [bytes])
  expect(Buffer.from(bytes).toString()).toContain('SECRET')
})
