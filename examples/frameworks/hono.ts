/**
 * Hono 4, here on Node. It speaks Request and Response, so the stream is one: `eventStream` returns it. The same
 * handler runs on Deno, Bun and Workers; only `getRequestListener` is Node's.
 */
import { pathToFileURL } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { eventStream } from '@sse-from-scratch/sse-server/web'
import { Hono } from 'hono'
import { listenOn, type Running, run, type Ticker } from './ticker.ts'

export function serveHono(ticker: Ticker, port: number): Promise<Running> {
  const app = new Hono()
  app.get('/', (c) => c.text('the ticks are at /ticks\n'))
  app.get('/ticks', (c) => eventStream(c.req.raw, ticker.listen))
  return listenOn(getRequestListener(app.fetch), port)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run('hono', serveHono)
