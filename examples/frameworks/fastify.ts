/**
 * Fastify 5. It wants to send every reply itself, so it is told not to: `reply.hijack()`. From then on
 * `request.raw` and `reply.raw` are node's own. Hooks that have run before have set their headers on `reply`,
 * not on `reply.raw`; what the stream needs of them goes into the option `headers`.
 */
import { pathToFileURL } from 'node:url'
import { openSession } from '@sse-from-scratch/sse-server/node'
import { fastify } from 'fastify'
import { type Running, run, started, type Ticker } from './ticker.ts'

export async function serveFastify(ticker: Ticker, port: number): Promise<Running> {
  const app = fastify()
  app.get('/', async () => 'the ticks are at /ticks\n')
  app.get('/ticks', (request, reply) => {
    reply.hijack()
    ticker.listen(openSession(request.raw, reply.raw, { headers: { 'X-Request-Id': request.id } }))
  })
  await app.ready()
  return started(app.server, port)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run('fastify', serveFastify)
