import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { asBytes, asText, expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { encodeResponse } from '#ex/07-write-a-response'
import type { Response } from './contract.ts'

const bareLf = mistake('bare-lf', 'Lines on the wire end in CR LF (0d 0a). You sent LF alone (RFC 9112 §2.1).', (got) =>
  /(^|[^\r])\n/.test(asText(got)),
)
const noEmptyLine = mistake(
  'no-empty-line',
  'An empty line ends the head: without it, the receiver takes your body for one more field (RFC 9112 §2.1).',
  (got) => !asText(got).includes('\r\n\r\n'),
)
const charsNotBytes = mistake(
  'chars-not-bytes',
  'Content-Length counts BYTES. You counted characters: `café` has 4, and 5 bytes in UTF-8. The client stops one byte early (RFC 9110 §8.6).',
  (got) => asText(got).includes('Content-Length: 4\r\n'),
)
const noLength = mistake(
  'no-length',
  'Without Content-Length the client reads until the connection is closed. Nothing to send has a length, too: 0 (RFC 9112 §6.3).',
  (got) => !asText(got).includes('Content-Length'),
)
const bodyAsText = mistake(
  'body-as-text',
  'The body is bytes already, and you made text of it. What is no UTF-8 becomes U+FFFD (ef bf bd).',
  (got) => asText(got).includes('\u00ef\u00bf\u00bd'),
)
const injection = mistake<unknown>(
  'header-injection',
  'A value with CR LF ends its line: what follows is a field, or a whole answer, that a stranger has written (RFC 9110 §5.5). Refuse it.',
  (got) => asText(got as Uint8Array).includes('Set-Cookie: admin=1\r\n'),
)
const losesUpperHalf = mistake<unknown>(
  'loses-upper-half',
  'A head is one byte a character. Of U+010D U+010A only the lower halves 0d 0a would be sent: CR LF. Refuse what is beyond U+00FF.',
  (got) => /X-Echo: a\r\nSet-Cookie: b=1\r\n/.test(asText(got as Uint8Array)),
)

test('a response is a status-line, fields, an empty line and a body', () => {
  const response: Response = { status: 200, headers: [['Content-Type', 'text/plain']], body: 'hello' }
  expect(encodeResponse(response)).toBeBytes(
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello',
    { mistakes: [bareLf, noEmptyLine] },
  )
})

test('Content-Length counts bytes', () => {
  expect(encodeResponse({ status: 200, body: 'caf\u00e9' })).toBeBytes(
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ncaf\u00e9',
    { mistakes: [charsNotBytes] },
  )
})

test('nothing has a length, too', () => {
  expect(encodeResponse({ status: 404 })).toBeBytes('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', {
    mistakes: [noLength],
  })
})

test('a body of bytes leaves as it is', () => {
  const body = Uint8Array.of(0x89, 0x50, 0xff, 0x00)
  expect(encodeResponse({ status: 200, body })).toBeBytes(
    asBytes(['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n', body]),
    { mistakes: [bodyAsText] },
  )
})

test('fields keep their order, also those of one name', () => {
  const headers: Response['headers'] = [
    ['Set-Cookie', 'a=1'],
    ['X-Empty', ''],
    ['Set-Cookie', 'b=2'],
  ]
  expect(encodeResponse({ status: 201, headers })).toBeBytes(
    'HTTP/1.1 201 Created\r\nSet-Cookie: a=1\r\nX-Empty: \r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n',
  )
})

test('a status without known words keeps the blank', () => {
  for (const status of [299, 999])
    expect(encodeResponse({ status })).toBeBytes(`HTTP/1.1 ${status} \r\nContent-Length: 0\r\n\r\n`)
})

test('nobody can write a field into your head', async () => {
  for (const value of ['a\r\nSet-Cookie: admin=1', 'a\nSet-Cookie: admin=1', 'a\r\n\r\n<p>', 'a\u0000'])
    await refuses({ status: 200, headers: [['X-Echo', value]] })
  for (const name of ['X-Echo\r\nSet-Cookie: admin=1\r\nX', 'X Echo', 'X-Echo:', ''])
    await refuses({ status: 200, headers: [[name, 'a']] })
})

test('a character that is no byte is refused', async () => {
  await refuses({ status: 200, headers: [['X-Echo', 'a\u010d\u010aSet-Cookie: b=1']] })
  await refuses({ status: 200, headers: [['X-Price', '5 \u20ac']] })
})

test('a status that is not three digits is refused', async () => {
  for (const status of [0, 99, 1000, 200.5, Number.NaN]) await refuses({ status })
})

test('fetch reads it', async () => {
  const bytes = encodeResponse({ status: 200, headers: [['X-City', 'K\u00f6ln']], body: 'caf\u00e9 \u{1f388}' })
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const response = await within(2000, answer, 'fetch to get the head')
    const got = { city: response.headers.get('x-city'), text: await response.text() }
    expect(got).toMean({ city: 'K\u00f6ln', text: 'caf\u00e9 \u{1f388}' })
  } finally {
    server.close()
  }
})

async function refuses(response: Response): Promise<void> {
  await expect(() => encodeResponse(response)).toRefuse(undefined, { mistakes: [injection, losesUpperHalf] })
}
