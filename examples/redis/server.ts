/**
 * One of any number of processes that say the same: start two, listen to both, and POST to either.
 */
import { parseArgs } from 'node:util'
import { createChannel } from '@sse-from-scratch/sse-server'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import { fail, orExit, wholeNumber } from '../command-line.ts'
import { connectRedis } from './resp.ts'
import { add, follow, redisHistory } from './stream.ts'

const USAGE = `usage: server [--port 0] [--redis 127.0.0.1:6379] [--key events]

  --port    where to listen on 127.0.0.1; 0 takes any free port
  --redis   host:port of a Redis server, or the path of its socket
  --key     the stream there

Listen with: curl -N http://127.0.0.1:PORT/
Say something with: curl -d "hello" http://127.0.0.1:PORT/
Ctrl-C sends every client away, told when to come back, and ends.`

function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      redis: { type: 'string', default: '127.0.0.1:6379' },
      key: { type: 'string', default: 'events' },
      help: { type: 'boolean', default: false },
    },
  })
  return { ...values, port: wholeNumber('--port', values.port, 65_535) }
}

function redisAddress(text: string) {
  if (text.includes('/')) return { path: text }
  const [host = '127.0.0.1', port = '6379'] = text.split(':')
  return { host, port: Number(port) }
}

async function main(): Promise<void> {
  const values = orExit(readArguments)
  if (values.help) return console.log(USAGE)
  const { key } = values
  const connect = () => connectRedis(redisAddress(values.redis))
  const redis = await connect()
  const stopping = new AbortController()
  const onError = (error: unknown) => console.log(`Redis: ${error instanceof Error ? error.message : error}`)
  const channel = createChannel({ history: redisHistory(redis, key) })
  const { stopped } = await follow(channel, { connect, key, signal: stopping.signal, onError })

  const server = await serve(
    async (request, respond) => {
      if (request.method === 'POST') {
        const id = await add(redis, key, { data: await request.body.text() })
        await respond(202, { 'Content-Type': 'text/plain' }, `${id}\n`)
        return
      }
      const session = await openSession(request, respond, { retry: 200 })
      channel.subscribe(session)
      await session.closed
    },
    { port: values.port },
  )
  console.log(`listening: http://127.0.0.1:${server.address.port}/ (Ctrl-C ends it)`)
  process.once('SIGINT', async () => {
    await channel.end({ retry: 200, spread: 300, signal: AbortSignal.timeout(5000) }).catch(() => {})
    stopping.abort()
    await stopped
    redis.close()
    await server.close()
  })
}

main().catch(fail)
