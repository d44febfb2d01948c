import { createXray, type Finding, type Span } from '@sse-from-scratch/wire-xray'
import { expect, test } from 'vitest'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Pushes one direction and returns its spans as `element "bytes"`, and its findings as `kind: summary`. */
function look(text: string, direction: 'up' | 'down' = 'down') {
  const bytes = encode(text)
  const spans: Span[] = []
  const findings: Finding[] = []
  const xray = createXray(
    (span) => spans.push(span),
    (finding) => findings.push(finding),
  )
  xray.push(direction, bytes)
  xray.end(direction)
  return {
    spans,
    findings,
    named: spans.map(({ layer, element, start, end }) => [
      `${layer} ${element}`,
      new TextDecoder().decode(bytes.subarray(start, end)),
    ]),
    found: findings.map(({ layer, kind, summary }) => `${layer} ${kind}: ${summary}`),
  }
}

test('an event in two chunks is named down to the text of its token', () => {
  const { named, found } = look(
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n' +
      '22\r\ndata: {"choices":[{"delta":{"conte\r\n0e;a\r\nnt":"lo"}}]}\n\n\r\n0\r\n\r\n',
  )
  expect(named.slice(0, 10)).toEqual([
    ['http http-version', 'HTTP/1.1'],
    ['http sp', ' '],
    ['http status-code', '200'],
    ['http sp', ' '],
    ['http reason-phrase', 'OK'],
    ['http crlf', '\r\n'],
    ['http field-name', 'Content-Type'],
    ['http colon', ':'],
    ['http ows', ' '],
    ['http field-value', 'text/event-stream'],
  ])
  expect(named.slice(15)).toEqual([
    ['http crlf', '\r\n'],
    ['http blank-line', '\r\n'],
    ['chunked chunk-size', '22'],
    ['chunked crlf', '\r\n'],
    ['sse field-name', 'data'],
    ['sse colon', ':'],
    ['sse space', ' '],
    ['llm json', '{"choices":[{"delta":{"conte'],
    ['chunked crlf', '\r\n'],
    ['chunked chunk-size', '0e'],
    ['chunked chunk-ext', ';a'],
    ['chunked crlf', '\r\n'],
    ['llm json', 'nt":"'],
    ['llm delta', 'lo'],
    ['llm json', '"}}]}'],
    ['sse end-of-line', '\n'],
    ['sse blank-line', '\n'],
    ['chunked crlf', '\r\n'],
    ['chunked chunk-size', '0'],
    ['chunked crlf', '\r\n'],
    ['chunked blank-line', '\r\n'],
  ])
  expect(found).toEqual([
    'http head: 200 OK',
    'chunked chunk: 34 bytes of data',
    'sse event: message: {"choices":[{"delta":{"content":"lo"}}]}',
    'llm delta: choices[0].delta.content = "lo"',
    'chunked chunk: 14 bytes of data',
    'chunked last-chunk: size 0: the last chunk',
  ])
})
