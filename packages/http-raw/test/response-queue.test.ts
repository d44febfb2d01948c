import { createPool, type IncomingResponse, type RequestOptions, request } from '@sse-from-scratch/http-raw'
import { type Connection, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { createIdleConnections } from '../src/idle-connections.ts'
import { keptConnection } from '../src/kept-connection.ts'
import { bytes, origin, readUntil, toyChunked } from './support.ts'

/** An answer that nobody has asked for. Whoever takes it for theirs takes everybody else's from then on. */
const EVIL = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'
const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood'
const transferCodings = [toyChunked]

/** Every way for a first answer to be over, with the method that it answers. */
const FIRST: readonly (readonly [what: string, method: string, answer: string])[] = [
  ['a length', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'],
  ['a length of zero', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['chunks', 'GET', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n'],
  ['no content', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['only a head', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'],
  [
    'an interim answer before it',
    'GET',
    'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  ],
]

/** Answers with `first` to the first request of all, and with GOOD to every other. */
function poisoning(first: string): Promise<Listener> {
  let asked = 0
  return listen(async (connection: Connection) => {
    for (;;) {
      await readUntil(connection, '\r\n\r\n')
      await connection.write(bytes(asked++ === 0 ? first : GOOD))
    }
  })
}

const textOf = async (response: IncomingResponse) => response.body.text()

describe.each(FIRST)('an answer that comes in one write behind one with %s', (_, method, answer) => {
  const options: RequestOptions = { method, transferCodings }

  test('is not the answer to the next request', async () => {
    await using server = await poisoning(answer + EVIL)
    await using pool = createPool()
    await textOf(await request(origin(server), { ...options, pool }))
    for (let i = 0; i < 3; i++) expect(await textOf(await request(origin(server), { pool }))).toBe('good')
  })

  test('is not the answer to a request that was waiting for the connection', async () => {
    await using server = await poisoning(answer + EVIL)
    await using pool = createPool({ maxConnections: 1 })
    const first = request(origin(server), { ...options, pool }).then(textOf)
    const waiting = [1, 2, 3].map(() => request(origin(server), { pool }).then(textOf))
    await first
    expect(await Promise.all(waiting)).toEqual(['good', 'good', 'good'])
  })
})

test('an answer that waits behind a body that nobody has read yet is not the answer to the next request', async () => {
  let headIsRead = () => {}
  const untilHeadIsRead = new Promise<void>((resolve) => {
    headIsRead = resolve
  })
  let allIsSent = () => {}
  const untilAllIsSent = new Promise<void>((resolve) => {
    allIsSent = resolve
  })
  let connections = 0
  await using server = await listen(async (connection) => {
    const isFirst = ++connections === 1
    await readUntil(connection, '\r\n\r\n')
    if (!isFirst) return connection.write(bytes(GOOD))
    await connection.write(bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'))
    await untilHeadIsRead
    for (const piece of ['hi', EVIL]) {
      await connection.write(bytes(piece))
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate) // each in a segment, and a read, of its own
    }
    allIsSent()
    await connection.read()
  })
  await using pool = createPool({ maxConnections: 1 })
  const response = await request(origin(server), { pool, transferCodings })
  headIsRead()
  const next = request(origin(server), { pool }).then(textOf) // waits for the connection
  await untilAllIsSent
  expect(await textOf(response)).toBe('hi')
  expect(await next).toBe('good')
  expect(connections).toBe(2)
})

test.each([true, false])(
  'a connection that tells at once what has come (%j) is lent at once, and no other',
  async (prompt) => {
    const [connection] = memoryPair()
    const kept = keptConnection(prompt ? { ...connection, receive: () => {} } : connection)
    const idle = createIdleConnections(1)
    idle.keep(kept, 1000)
    expect(idle.takeJustUsed(new Set([kept]))).toBe(prompt ? kept : undefined)
    expect(idle.take(new Set([kept]))).toBe(prompt ? undefined : kept)
  },
)
