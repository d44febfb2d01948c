import { serve } from '@sse-from-scratch/chunked'
import type { ServeOptions } from '@sse-from-scratch/http-raw'
import { type Connection, connect } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { bytes } from './read-body.ts'

/** What nobody may get to see who was refused before. */
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n'
const get = (fields: string, target = '/') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`

interface Conversation {
  /** The codes of the answers, in order. */
  readonly statuses: readonly string[]
  readonly said: string
  /** The targets that reached the handler. */
  readonly served: readonly string[]
  /** How the server let go of the connection, which the client never did. */
  readonly end: string
}

/** Sends `input` to a real server that reads bodies, and listens until it has closed the connection. */
async function play(input: string, options: ServeOptions = {}): Promise<Conversation> {
  const served: string[] = []
  await using server = await serve(
    async ({ target, body }, respond) => {
      served.push(target)
      await body.bytes()
      await respond(200, {}, 'fine\n')
    },
    { lingerTimeout: 50, ...options },
  )
  await using client = await connect({ port: server.address.port })
  await client.write(bytes(input))
  const { said, end } = await listenTo(client)
  await client.write(bytes(SMUGGLED)).catch(() => {}) // also whoever goes on afterwards
  return { said, end, served, statuses: said.match(/(?<=^HTTP\/1\.1 )\d{3}(?= )/gm) ?? [] }
}

async function listenTo(client: Connection): Promise<{ said: string; end: string }> {
  let said = ''
  try {
    for await (const part of client) said += Buffer.from(part).toString('latin1')
    return { said, end: 'FIN' }
  } catch (error) {
    return { said, end: (error as { code: string }).code }
  }
}

type Refusal = readonly [what: string, input: string, status: string, options?: ServeOptions]

/** Refused by its head: no handler ever hears of it. */
const BY_HEAD: readonly Refusal[] = [
  ['a field without a colon', get('A\r\n'), '400'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400'],
  ['both lengths', `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, '400'],
  ['Transfer-Encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '400'],
  ['a CONNECT with a body', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 2\r\n\r\nhi', '400'],
  ['a head that takes too long', 'GET / HTTP/1.1\r\nHost: a\r\n', '408', { headTimeout: 50 }],
  ['a length past bodySize', `${POST}Content-Length: 6\r\n\r\nhello!`, '413', { limits: { bodySize: 5 } }],
  ['a target past targetSize', get('', '/12345'), '414', { limits: { targetSize: 5 } }],
  ['a target without an end', `GET /${'a'.repeat(20_000)}`, '414'],
  ['an expectation nobody has heard of', `${POST}Expect: 200-ok\r\nContent-Length: 2\r\n\r\nhi`, '417'],
  ['a known expectation behind another word', `${POST}Expect: y 100-continue\r\nContent-Length: 2\r\n\r\nhi`, '417'],
  ['a known expectation among others', `${POST}Expect: 100-continue, x\r\nContent-Length: 2\r\n\r\nhi`, '417'],
  ['a head past headSize', get(`A: ${'a'.repeat(1000)}\r\n`), '431', { limits: { headSize: 1000 } }],
  ['more fields than fieldCount', get('A: b\r\n'), '431', { limits: { fieldCount: 1 } }],
  ['a coding we do not have', `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, '501'],
  ['another major version', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', '505'],
]

/** The head was good: the handler has been asked, and what it reads is refused. */
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`
const BY_BODY: readonly Refusal[] = [
  ['a chunk that is none', `${CHUNKED}x\r\n`, '400'],
  ['a chunk without its CRLF', `${CHUNKED}5\r\nhelloX0\r\n\r\n`, '400'],
  ['a trailer that is none', `${CHUNKED}0\r\nA\r\n\r\n`, '400'],
  ['a body that stops', `${POST}Content-Length: 5\r\n\r\nhe`, '408', { bodyIdleTimeout: 50 }],
  ['chunks that stop', `${CHUNKED}5\r\nhe`, '408', { bodyIdleTimeout: 50 }],
  ['a body that takes too long', `${CHUNKED}5\r\nhe`, '408', { requestTimeout: 50 }],
  ['a chunk past bodySize', `${CHUNKED}6\r\nhello!\r\n0\r\n\r\n`, '413', { limits: { bodySize: 5 } }],
  ['more than is collected', `${CHUNKED}6\r\nhello!\r\n0\r\n\r\n`, '413', { limits: { collectedSize: 5 } }],
  ['extensions past their size', `${CHUNKED}1;aaaa\r\n`, '413', { limits: { chunkExtensionSize: 0 } }],
  ['trailers past trailerSize', `${CHUNKED}0\r\nA: b\r\n\r\n`, '431', { limits: { trailerSize: 5 } }],
  ['more trailers than trailerCount', `${CHUNKED}0\r\nA: b\r\n\r\n`, '431', { limits: { trailerCount: 0 } }],
]

/** Nothing more comes of it by itself: what follows would be read as the rest. */
const waits = (status: string) => status === '408'

function named(refusals: readonly Refusal[]): { what: string; input: string; status: string; options: ServeOptions }[] {
  return refusals.map(([what, input, status, options = {}]) => ({ what, input, status, options }))
}

describe.each([
  { where: 'by its head', refusals: named(BY_HEAD), served: [] },
  { where: 'by its body', refusals: named(BY_BODY), served: ['/'] },
])('a request that is refused $where', ({ refusals, served }) => {
  test.each(refusals)(
    'for $what is told so, and then the connection is closed: nothing behind it is served',
    async ({ input, status, options }) => {
      const conversation = await play(waits(status) ? input : input + SMUGGLED, options)
      expect(conversation).toMatchObject({ statuses: [status], served, end: 'FIN' })
      expect(conversation.said).toMatch(/\r\nConnection: close\r\n/)
      expect(conversation.said).toMatch(new RegExp(`\\r\\n\\r\\n${status} [A-Z].*: .*\\n$`))
    },
  )
})

test('the refusal of the second of two requests comes behind the answer to the first', async () => {
  const { statuses, served } = await play(`${get('', '/first')}${get('A\r\n')}${SMUGGLED}`)
  expect([statuses, served]).toEqual([['200', '400'], ['/first']])
})
