import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEventStream, rawTransport } from '@sse-from-scratch/sse-client'
import { createChannel, type Session } from '@sse-from-scratch/sse-server'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import { describeWith, start } from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectRedis, type Redis, RedisError } from '../redis/resp.ts'
import { add, follow, redisHistory } from '../redis/stream.ts'
import { type Program, startProgram } from './program.ts'
import { reading } from './reading.ts'

describeWith(['redis'], 'a Redis stream as the history of several processes', ([tool]) => {
  let folder: string
  let path: string
  const endings: (() => unknown)[] = []
  let redis: Redis
  let keys = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'examples-redis-'))
    path = join(folder, 'redis.sock') // no port: nobody else can have it
    const args = ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no', '--dir', folder]
    const child = await start(tool?.path ?? '', args, { ready: /ready to accept connections/i })
    endings.push(() => child.stop('SIGTERM'))
    redis = await connectRedis({ path })
    endings.push(() => redis.close())
  })
  afterAll(async () => {
    for (const end of endings.reverse()) await end()
    await rm(folder, { recursive: true, force: true })
  })

  /** One process: a channel that follows the stream, behind our own server. */
  async function startProcess(key: string) {
    const own = await connectRedis({ path })
    const stopping = new AbortController()
    const connections: Redis[] = []
    const connect = async () => {
      const connection = await connectRedis({ path })
      connections.push(connection)
      return connection
    }
    const sessions = new Set<Session>()
    const channel = createChannel({ history: redisHistory(own, key) })
    const { stopped } = await follow(channel, { connect, key, signal: stopping.signal })
    const server = await serve(async (request, respond) => {
      const session = await openSession(request, respond, { retry: 1 })
      sessions.add(session)
      channel.subscribe(session)
      await session.closed
    })
    return {
      /** Cuts off every client. */
      cut() {
        for (const session of sessions) session.abort()
      },
      port: server.address.port,
      /** Cuts the connection to Redis; it comes back by itself. */
      cutRedis: () => connections.at(-1)?.close(),
      async [Symbol.asyncDispose]() {
        await channel.end()
        stopping.abort()
        await stopped
        own.close()
        await server[Symbol.asyncDispose]()
      },
    }
  }

  test('answers of every kind are read, in order, also when a hundred questions are on their way', async () => {
    expect(await redis.command('PING')).toBe('PONG')
    expect(await redis.command('INCR', 'number')).toBe(1)
    expect(await redis.command('GET', 'nothing')).toBeNull()
    await expect(redis.command('NO SUCH COMMAND')).rejects.toThrow(RedisError)
    const texts = Array.from({ length: 100 }, (_, i) => `${i} grüße 水 🌊\r\n`.repeat(i * 20))
    expect(await Promise.all(texts.map((text) => redis.command('ECHO', text)))).toEqual(texts)
  })

  test('a client that is cut off and sent from one process to the other hears every event once', async () => {
    const key = `events-${++keys}`
    await using one = await startProcess(key)
    await using two = await startProcess(key)
    const processes = [one, two]
    let connection = 0
    // Every connection goes to the other process, and is cut after a while.
    const transport: ReturnType<typeof rawTransport> = async (request) => {
      const url = new URL(request.url)
      url.port = `${processes[connection++ % 2]?.port}`
      return rawTransport()({ ...request, url })
    }
    const first = await add(redis, key, { data: '0' })
    const heard: string[] = []
    const adding = (async () => {
      for (let i = 1; i <= 300; i++) {
        while (heard.length < i - 20) await new Promise((resolve) => setImmediate(resolve)) // so that cuts cut something
        await add(redis, key, { data: `${i}` })
        if (i % 50 === 0) one.cutRedis()
        if (i % 70 === 0) two.cutRedis()
      }
    })()
    const options = { lastEventId: first, reconnect: () => 0 }
    for await (const { data } of openEventStream('http://127.0.0.1/', transport, options)) {
      heard.push(data)
      if (data === '300') break
      if (heard.length % 23 === 0) for (const process of processes) process.cut()
    }
    await adding
    expect(heard).toEqual(Array.from({ length: 300 }, (_, i) => `${i + 1}`))
    expect(connection).toBeGreaterThan(5)
  })

  test('an id that was trimmed, is no id, or was made up is a gap', async () => {
    const key = `events-${++keys}`
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push(await add(redis, key, { data: `${i}` }))
    const history = redisHistory(redis, key)
    const { signal } = new AbortController()
    expect((await history.after(ids[2] ?? '', signal))?.map(({ id }) => id)).toEqual(ids.slice(3))
    expect(await history.after(ids[4] ?? '', signal)).toEqual([])
    await redis.command('XDEL', key, ids[0] ?? '')
    for (const id of [ids[0] ?? '', 'hello', '1-1', '99999999999999999999-0', '0-0']) {
      expect(await history.after(id, signal), id).toBeUndefined()
    }
  })

  test('the program says in one process what was said to the other', async () => {
    const args = ['--redis', path, '--key', `events-${++keys}`]
    const [program, another] = await Promise.all([0, 1].map(() => startProgram('redis/server', args)))
    await using one = program as Program
    await using two = another as Program
    const answer = reading(await fetch(`${two.url}/`))
    await answer.until('retry: 200\n\n')
    const said = await fetch(`${one.url}/`, { method: 'POST', body: 'hello' })
    const id = (await said.text()).trim()
    expect(await answer.until('data: hello\n\n')).toContain(`id: ${id}\n`)
    await answer.cancel()
    for (const program of [one, two]) expect((await program.process.stop('SIGINT')).code).toBe(0)
  }, 120_000)
})
