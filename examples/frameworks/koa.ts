/**
 * Koa 3. It answers when its middleware is done, 404 if nobody said otherwise, so it is told not to:
 * `ctx.respond = false`. What `ctx.set` has set is on `ctx.res`, and goes along. And it calls it an error of the
 * application when a client leaves with RST, as many do: that one is not worth a line in the log.
 */
import { pathToFileURL } from 'node:url'
import { openSession } from '@sse-from-scratch/sse-server/node'
import Koa from 'koa'
import { listenOn, type Running, run, type Ticker } from './ticker.ts'

export function serveKoa(ticker: Ticker, port: number): Promise<Running> {
  const app = new Koa()
  app.use((ctx) => {
    if (ctx.path !== '/ticks') {
      ctx.body = 'the ticks are at /ticks\n'
      return
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405 // no router has looked at it
      ctx.set('Allow', 'GET, HEAD')
      return
    }
    ctx.respond = false
    ctx.set('X-Served-By', 'koa')
    ticker.listen(openSession(ctx.req, ctx.res))
  })
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET') console.error(error)
  })
  return listenOn(app.callback(), port)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run('koa', serveKoa)
