import { type Handler, request, serve } from '@sse-from-scratch/http-raw'
import { type Connection, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { connectTo, expectToAnswer, lastWords } from './hostile.ts'
import { bytes, origin, readUntil } from './support.ts'

const GONE = expect.objectContaining({ code: expect.stringMatching(/^(?:TCP_RESET|HTTP_INCOMPLETE)$/) })

describe('a request that is cut at any byte', () => {
  const wire = 'POST /cut HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello'

  /** A server that tells whether it has ever taken a part of a request for a whole one. */
  async function watchful(): Promise<{ server: Listener; whole: string[]; failures: unknown[] }> {
    const whole: string[] = []
    const failures: unknown[] = []
    const handler: Handler = async (request, respond) => {
      if (request.target === '/cut') whole.push(await request.body.text())
      await respond(200, {}, 'hello')
    }
    const server = await serve(handler, { onError: (error) => failures.push(error), lingerTimeout: 100 })
    return { server, whole, failures }
  }

  test('by a reset harms nobody else, and is never a whole one', async () => {
    const { server, whole, failures } = await watchful()
    await using _ = server
    for (let cut = 0; cut < wire.length; cut++) {
      const client = await connectTo(server)
      if (cut > 0) await client.write(bytes(wire.slice(0, cut)))
      client.abort()
    }
    await expectToAnswer(server)
    await server.close() // everything has been let go
    expect(whole).toEqual([])
    expect(failures).toEqual(failures.map(() => GONE))
  })

  test('by a FIN is told that it was, and is never a whole one', async () => {
    const { server, whole, failures } = await watchful()
    await using _ = server
    for (let cut = 1; cut < wire.length; cut++) {
      const client = await connectTo(server)
      await client.write(bytes(wire.slice(0, cut)))
      await client.end()
      expect(await lastWords(client), `cut at ${cut}`).toMatch(/^HTTP\/1.0 400 /)
    }
    await expectToAnswer(server)
    expect(whole).toEqual([])
    expect(failures).toHaveLength(wire.length - 1)
  })
})

describe('a response that is cut at any byte', () => {
  const wire = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

  /** Sends the first bytes of an answer, and then does something else. */
  function answering(cut: () => number, then: (connection: Connection) => Promise<void> | void): Promise<Listener> {
    return listen(async (connection) => {
      await readUntil(connection, '\r\n\r\n')
      await connection.write(bytes(wire.slice(0, cut())))
      await then(connection)
    })
  }

  async function outcome(server: Listener): Promise<unknown> {
    try {
      await using response = await request(origin(server))
      return await response.body.text()
    } catch (error) {
      return error
    }
  }

  test('by a reset is an error, and never an answer', async () => {
    let cut = 0
    await using server = await answering(
      () => cut,
      (connection) => connection.abort(),
    )
    for (; cut < wire.length; cut++) expect(await outcome(server), `cut at ${cut}`).toEqual(GONE)
  })

  test('by a FIN is HTTP_INCOMPLETE, and never an answer', async () => {
    let cut = 0
    await using server = await answering(
      () => cut,
      () => {},
    )
    const incomplete = expect.objectContaining({ code: 'HTTP_INCOMPLETE' })
    for (; cut < wire.length; cut++) expect(await outcome(server), `cut at ${cut}`).toEqual(incomplete)
    expect(await outcome(server)).toBe('hello')
  })
})
