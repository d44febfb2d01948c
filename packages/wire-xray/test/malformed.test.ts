import { createXray, type Finding, type Span } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { CHUNKED, EVENT_STREAM, encode, look } from './look.ts'

const unreadable = ({ spans }: { readonly spans: readonly Span[] }) =>
  spans.filter(({ element }) => element === 'unreadable').map(({ layer, start, end }) => [layer, start, end])

const errors = ({ findings }: { readonly findings: readonly Finding[] }) =>
  findings.filter(({ kind }) => kind === 'error').map(({ layer, code, bytes }) => [layer, code, bytes])

describe('from the first byte a decoder refuses on, the stream is unreadable', () => {
  test.each([
    ['a chunk-size that is none', `${CHUNKED}3\r\nabc\r\nx`, 'y\r\n', 'CHUNKED_BAD_SIZE', 8],
    ['data longer than its chunk-size', `${CHUNKED}3\r\nabcd`, 'ef', 'CHUNKED_BAD_DELIMITER', 0],
  ])('%s', (_title, upToBad, rest, code, chunkAt) => {
    const seen = look('down', upToBad + rest)
    const bad = upToBad.length - 1
    expect(unreadable(seen)).toEqual([['body', bad, bad + 1 + rest.length]])
    expect(errors(seen)).toEqual([['chunked', code, [[CHUNKED.length + chunkAt, bad + 1]]]])
    expect(seen.findings.at(-1)?.summary).toMatch(new RegExp(`^byte ${bad}: `))
  })

  test('a head is refused where its decoder refuses it, and nothing behind it is read', () => {
    const seen = look(
      'up',
      'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nGET / HTTP/1.1\r\n',
    )
    expect(errors(seen)).toEqual([['http', 'HTTP_BAD_FRAMING', [[0, expect.any(Number)]]]])
    expect(seen.spans.at(-1)).toMatchObject({ layer: 'body', element: 'unreadable' })
    expect(seen.findings).toHaveLength(1)
  })

  test('the other direction stays readable', () => {
    const spans: Span[] = []
    const xray = createXray(
      (span) => spans.push(span),
      () => {},
    )
    xray.push('up', encode('GET /\r\n\r\n'))
    xray.push('down', encode('HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno'))
    expect(spans.at(-1)).toMatchObject({ direction: 'down', element: 'message-body' })
  })

  test('a finding of an error is one printable line', () => {
    const { findings } = look('up', `GET / HTTP/1.1\r\nHost: x\r\nX\u001b[2J${'y'.repeat(1000)}\r\n\r\n`)
    expect(findings).toHaveLength(1)
    expect(findings[0]?.summary).toMatch(/^[\x20-\x7e\u2400-\u2426…]{10,220}$/)
  })
})

describe('an event larger than the x-ray keeps', () => {
  const size = 1024 * 1024
  const event = `data: ${'x'.repeat(size)}x\n\n`

  test.each([1, 1000, 1024 * 1024 + 100])('is refused at its first byte too many, in reads of %d', (length) => {
    const bytes = encode(`${EVENT_STREAM}data: ${'x'.repeat(size)}`)
    const xray: Finding[] = []
    const eye = createXray(
      () => {},
      (finding) => xray.push(finding),
    )
    const few = size - 10_000 // what is far from the limit may come at once
    eye.push('down', bytes.subarray(0, few))
    for (let at = few; at < bytes.length; at += length) eye.push('down', bytes.subarray(at, at + length))
    expect(xray[1]).toMatchObject({
      code: 'SSE_EVENT_TOO_LARGE',
      bytes: [[EVENT_STREAM.length, EVENT_STREAM.length + size + 1]],
    })
  })

  test('makes the content unreadable, and not the framing around it', () => {
    const head = EVENT_STREAM.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')
    const seen = look('down', `${head}${event.length.toString(16)}\r\n${event}\r\n0\r\n\r\nHTTP/1.1 404 No\r\n`)
    expect(errors(seen)[0]).toEqual(['sse', 'SSE_EVENT_TOO_LARGE', [[expect.any(Number), expect.any(Number)]]])
    const names = seen.named.map(([name]) => name)
    expect(names.slice(names.indexOf('body unreadable'))).toEqual([
      'body unreadable',
      'chunked crlf',
      'chunked chunk-size',
      'chunked crlf',
      'chunked blank-line',
      'http http-version',
      'http sp',
      'http status-code',
      'http sp',
      'http reason-phrase',
      'http crlf',
    ])
  })
})

describe('a stream that ends inside a message', () => {
  test.each([
    ['a head', 'HTTP/1.1 200 OK\r\nConte', 'http', 'HTTP_INCOMPLETE', 0],
    ['a counted body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi', 'http', 'HTTP_INCOMPLETE', 38],
    ['a chunk', `${CHUNKED}3\r\nabc\r\n5\r\nhi`, 'chunked', 'CHUNKED_INCOMPLETE', CHUNKED.length + 8],
    ['a trailer section', `${CHUNKED}0\r\nA: b\r\n`, 'chunked', 'CHUNKED_INCOMPLETE', CHUNKED.length + 3],
  ])('%s: the finding covers what there is of it', (_title, text, layer, code, from) => {
    const seen = look('down', text)
    expect(errors(seen)).toEqual([[layer, code, [[from, text.length]]]])
    expect(unreadable(seen)).toEqual([])
  })

  test('a cut event stream loses the event it was in', () => {
    const head = EVENT_STREAM.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')
    expect(
      look('down', `${head}7\r\ndata: a`)
        .findings.slice(1)
        .map(({ layer, kind }) => `${layer} ${kind}`),
    ).toEqual(['chunked error', 'sse unfinished'])
  })

  test('what an earlier message lacked is not said again when a later one is cut', () => {
    const first = EVENT_STREAM.replace('\r\n\r\n', '\r\nContent-Length: 7\r\n\r\n')
    expect(look('down', `${first}data: aHTTP/1.1 2`).findings.map(({ kind }) => kind)).toEqual([
      'head',
      'unfinished',
      'error',
    ])
  })

  test('an end that is told twice is one end', () => {
    const findings: Finding[] = []
    const xray = createXray(
      () => {},
      (finding) => findings.push(finding),
    )
    xray.push('down', encode('HTTP/1.1 2'))
    xray.end('down')
    xray.end('down')
    expect(findings).toHaveLength(1)
  })

  test('between messages nothing is cut', () => {
    expect(look('up', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n').findings).toHaveLength(1)
    expect(look('down').findings).toEqual([])
  })
})

describe('what is not HTTP/1', () => {
  const clientHello = Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3)

  test('TLS is recognised by its first byte (RFC 8446 §5.1)', () => {
    const seen = look('up', clientHello)
    expect(unreadable(seen)).toEqual([['body', 0, clientHello.length]])
    expect(errors(seen)).toEqual([['http', 'XRAY_TLS', [[0, 1]]]])
  })

  test('HTTP/2 is recognised by its preface (RFC 9113 §3.4)', () => {
    const seen = look('up', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0))
    expect(seen.findings.map(({ code }) => code)).toEqual(['XRAY_HTTP2'])
    expect(seen.spans.at(-1)?.element).toBe('unreadable')
  })

  test('a request that merely starts like the preface is a request', () => {
    expect(look('up', 'PRI * HTTP/1.1\r\nHost: x\r\n\r\n').findings.map(({ code }) => code)).not.toContain('XRAY_HTTP2')
  })

  test('a first byte that begins no message is refused at once', () => {
    expect(errors(look('down', Uint8Array.of(0, 0, 18, 4)))).toEqual([['http', 'XRAY_NOT_HTTP', [[0, 1]]]])
  })

  test('one finding speaks for both directions', () => {
    const findings: Finding[] = []
    const spans: Span[] = []
    const xray = createXray(
      (span) => spans.push(span),
      (finding) => findings.push(finding),
    )
    xray.push('up', clientHello)
    xray.push('down', Uint8Array.of(22, 3, 3))
    xray.end('up')
    xray.end('down')
    expect(findings.map(({ direction, code }) => [direction, code])).toEqual([['up', 'XRAY_TLS']])
    expect(spans.at(-1)).toMatchObject({ direction: 'down', element: 'unreadable', start: 0, end: 3 })
  })
})

describe('what a peer can make grow', () => {
  test('more unanswered requests than the x-ray remembers end its reading of them', () => {
    const ask = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(errors(look('up', ask.repeat(1024)))).toEqual([])
    const seen = look('up', ask.repeat(1026))
    expect(errors(seen)).toEqual([['http', 'XRAY_TOO_MANY_UNANSWERED', [[1024 * ask.length, 1025 * ask.length]]]])
    expect(unreadable(seen)).toEqual([['body', 1025 * ask.length, 1026 * ask.length]])
  })

  test('an event in more pieces than a finding lists still has its first and its last byte', () => {
    const head = EVENT_STREAM.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')
    const event = `data: ${'x'.repeat(3000)}\n\n`
    const { findings } = look('down', `${head}${Array.from(event, (char) => `1\r\n${char}\r\n`).join('')}`)
    const bytes = findings.find(({ kind }) => kind === 'event')?.bytes
    expect(bytes).toHaveLength(1024)
    expect(bytes?.[0]).toEqual([head.length + 3, head.length + 4])
    expect(bytes?.at(-1)?.[1]).toBe(head.length + 6 * event.length - 2)
  })
})

test('what a listener throws is its own affair, and not taken for a fault of the stream', () => {
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {
      throw new RangeError('mine')
    },
  )
  expect(() => xray.push('up', encode('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).toThrow('mine')
  xray.push('up', encode('G'))
  expect(spans.at(-1)).toMatchObject({ layer: 'http', element: 'method' })
})

test('limits are those of the peer that is looked at, if it has others', () => {
  const findings: Finding[] = []
  const watch = (limits: { readonly targetSize: number }) =>
    createXray(
      () => {},
      (finding) => findings.push(finding),
      { limits },
    )
  watch({ targetSize: 3 }).push('up', encode('GET /abc HTTP/1.1\r\n'))
  expect(errors({ findings })).toEqual([['http', 'HTTP_HEAD_TOO_LARGE', [[0, 19]]]])
  expect(() => watch({ targetSize: -1 }).push('up', encode('G'))).toThrow(RangeError)
})
