import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { createHostRewriter } from '../../src/proxy/host-rewriter.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** What leaves for these reads. */
function rewritten(reads: readonly Uint8Array[], authority = 'api.example.com'): string {
  const rewrite = createHostRewriter(authority)
  return reads
    .map((read) =>
      rewrite(read)
        .map((part) => new TextDecoder().decode(part))
        .join(''),
    )
    .join('')
}

/** The same whichever way it is cut, or a list of what it was. */
function rewrittenAtEveryCut(text: string, authority?: string): string {
  const results = new Set([...everySplit(bytes(text))].map((reads) => rewritten(reads, authority)))
  return [...results].join('\n--- or ---\n')
}

const get = (host: string) => `GET / HTTP/1.1\r\nAccept: */*\r\n${host}\r\nX-Host: 127.0.0.1:9000\r\n\r\n`

describe('the Host field', () => {
  test.each([
    ['another host', 'Host: 127.0.0.1:9000', 'Host: api.example.com'],
    ['the same host', 'Host: api.example.com', 'Host: api.example.com'],
    ['a beginning of it', 'Host: api', 'Host: api.example.com'],
    ['a continuation of it', 'Host: api.example.com:9000', 'Host: api.example.com'],
    ['the same beginning', 'Host: api.example.org', 'Host: api.example.com'],
    ['no value', 'Host:', 'Host:api.example.com'],
    ['no value but a space', 'Host: ', 'Host: api.example.com'],
    ['a tab, and no space', 'hOST:\t127.0.0.1', 'hOST:\tapi.example.com'],
    ['blanks behind another host', 'HOST:localhost \t', 'HOST:api.example.com'],
    ['blanks behind the same host', 'HOST:api.example.com \t', 'HOST:api.example.com \t'],
  ])('is the target’s for %s, and nothing else is touched, at every cut', (_what, host, expected) => {
    expect(rewrittenAtEveryCut(get(host))).toBe(get(expected))
  })

  test('is the target’s in every request of a connection: with bodies, pipelined, at every cut', () => {
    const requests = (host: string) =>
      [
        `POST /1 HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 22\r\n\r\n\nHost: in the content\n`,
        `POST /2 HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n\nHost: b\n\r\n0\r\nHost: trailer\r\n\r\n`,
        `\r\nGET /3 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        `HEAD /4 HTTP/1.0\r\nHost: ${host}\r\n\r\n`,
      ].join('')
    expect(rewrittenAtEveryCut(requests('localhost:9000'))).toBe(requests('api.example.com'))
  })

  test('is not added to a request that has none', () => {
    expect(rewrittenAtEveryCut('GET / HTTP/1.0\r\nHosts: a\r\nXHost: a\r\n\r\n')).toBe(
      'GET / HTTP/1.0\r\nHosts: a\r\nXHost: a\r\n\r\n',
    )
  })
})

describe('what is left alone from its first byte on', () => {
  test.each([
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nHost: a\r\n\r\n'],
    ['what is no HTTP', '\x16\x03\x01 Host: a\r\nHost: b\r\n\r\n'],
    ['a chunk that breaks', 'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nHost: a\r\n\r\n'],
    ['a head too long to be read', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\nHost: a\r\n\r\n`],
  ])('%s', (_what, text) => {
    const reads = text.length > 1000 ? [[bytes(text)]] : [...everySplit(bytes(text))]
    for (const each of reads) expect(rewritten(each)).toBe(text)
  })
})

test('what goes through a tunnel is left alone, also if it looks like a request', () => {
  const inside = 'GET / HTTP/1.1\r\nHost: b\r\n\r\n'
  expect(rewrittenAtEveryCut(`CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n${inside}`)).toBe(
    `CONNECT b:1 HTTP/1.1\r\nHost: api.example.com\r\n\r\n${inside}`,
  )
})
