import { createChunkedDecoder, request, serve } from '@sse-from-scratch/chunked'
import type { ServeOptions } from '@sse-from-scratch/http-raw'
import { connect, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { growthDuring, standstill } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { lastWords, MIB, OK, readHead, urlOf } from './hostile.ts'
import { bytes } from './read-body.ts'

const POST = 'POST /cut HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const BODY = '5;a="b"\r\nhello\r\n0\r\nDone: yes\r\n\r\n'

/** How far a body has come when its sender falls silent, one for each state of the decoder. */
const SILENCES: readonly (readonly [state: string, sent: string])[] = [
  ['chunk-size', '5'],
  ['chunk-ext', '5;a="b'],
  ['chunk-size-lf', '5\r'],
  ['chunk-data', '5\r\nhe'],
  ['chunk-data-cr', '5\r\nhello'],
  ['chunk-data-lf', '5\r\nhello\r'],
  ['trailer-section', '0\r\nDone: y'],
]

/** The proof that an attack was one on the attacker's own connection only. */
async function expectToAnswer(server: Listener): Promise<void> {
  await using response = await request(urlOf(server), { method: 'POST', body: 'hello' })
  expect(await response.body.text()).toBe('hello')
}

/** Sends back what it is sent, once it has all of it, and tells what it took for a whole body of /cut. */
async function watchful(
  patience: Pick<ServeOptions, 'bodyIdleTimeout'> = {},
): Promise<{ server: Listener; whole: string[]; failures: unknown[] }> {
  const whole: string[] = []
  const failures: unknown[] = []
  const server = await serve(
    async ({ target, body }, respond) => {
      const text = await body.text()
      if (target === '/cut') whole.push(text)
      await respond(200, {}, text)
    },
    { ...patience, onError: (error) => failures.push(error) },
  )
  return { server, whole, failures }
}

test('there is a silence for each state that can be waited in', () => {
  const states = SILENCES.map(([, sent]) => {
    const decoder = createChunkedDecoder()
    decoder.push(bytes(sent), () => {})
    return decoder.state
  })
  expect(states).toEqual(SILENCES.map(([state]) => state))
})

describe('a client', () => {
  test.each(SILENCES)('that falls silent in the %s is told 408 and let go', async (_, sent) => {
    const { server, whole } = await watchful({ bodyIdleTimeout: 50 })
    await using _server = server
    const client = await connect({ port: server.address.port })
    await client.write(bytes(POST + sent))
    expect(await lastWords(client)).toMatch(/^HTTP\/1.1 408 /) // and no FIN of ours: that would tell the server
    await expectToAnswer(server)
    client.abort()
    await server.close() // resolves when no connection is left
    expect(whole).toEqual([])
  })

  test('whose request is cut at any byte by a reset harms nobody else, and has not asked', async () => {
    const { server, whole, failures } = await watchful()
    await using _server = server
    for (let cut = 0; cut < BODY.length; cut++) {
      const client = await connect({ port: server.address.port })
      await client.write(bytes(POST + BODY.slice(0, cut)))
      client.abort()
    }
    await expectToAnswer(server)
    await server.close() // everything has been let go
    expect(whole).toEqual([])
    for (const failure of failures) expect(failure).toMatchObject({ code: expect.stringMatching(/RESET|INCOMPLETE/) })
  })

  test('whose request is cut at any byte by a FIN is told 400, and has not asked', async () => {
    const { server, whole, failures } = await watchful()
    await using _server = server
    for (let cut = 0; cut < BODY.length; cut++) {
      const client = await connect({ port: server.address.port })
      await client.write(bytes(POST + BODY.slice(0, cut)))
      await client.end()
      expect(await lastWords(client), `cut at ${cut}`).toMatch(/^HTTP\/1.1 400 /)
    }
    await expectToAnswer(server)
    expect(whole).toEqual([])
    expect(failures).toHaveLength(BODY.length)
    for (const failure of failures) expect(failure).toMatchObject({ code: 'CHUNKED_INCOMPLETE' })
  })

  test('that never reads makes our chunks wait in the handler, not in memory', async () => {
    let written = 0
    await using server = await serve(async ({ target, body: incoming }, respond) => {
      const text = await incoming.text()
      if (target !== '/endless') return void (await respond(200, {}, text))
      const body = await respond(200)
      for (const piece = new Uint8Array(1000); !body.signal.aborted; written += piece.length) await body.write(piece)
    })
    const client = await connect({ port: server.address.port })
    const growth = await growthDuring(async () => {
      await client.write(bytes('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n'))
      await standstill(() => written)
      await expectToAnswer(server)
    })
    expect(written).toBeGreaterThan(0)
    expect(growth).toBeLessThan(2 * MIB)
    client.abort()
    await expectToAnswer(server)
  })
})

describe('a server', () => {
  const silences: readonly (readonly [when: string, sent: string])[] = [
    ['before its answer', ''],
    ['in the status line', OK.slice(0, 10)],
    ['between the fields', OK.slice(0, 20)],
    ...SILENCES.map(([state, sent]) => [`in the ${state}`, OK + sent] as const),
  ]

  test.each(silences)(
    'that falls silent %s is given up after idleTimeout, and nothing is left open',
    async (_, sent) => {
      let gone: () => void = () => {}
      const hungUp = new Promise<void>((resolve) => {
        gone = resolve
      })
      await using server = await listen(async (connection) => {
        connection.signal.addEventListener('abort', () => gone(), { once: true })
        await readHead(connection)
        await connection.write(bytes(sent))
        await lastWords(connection)
      })
      const asking = async () => {
        await using response = await request(urlOf(server), { idleTimeout: 50 })
        return await response.body.text()
      }
      await expect(asking()).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
      await hungUp
    },
  )
})
