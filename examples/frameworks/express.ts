/**
 * Express 5, behind its usual `compression`. Nothing is needed: `(req, res)` are node's own, and the head says
 * `no-transform`, which the middleware obeys.
 */
import { pathToFileURL } from 'node:url'
import { answerPreflight, openSession } from '@sse-from-scratch/sse-server/node'
import compression from 'compression'
import express from 'express'
import { listenOn, type Running, run, type Ticker } from './ticker.ts'

const cors = { origins: ['http://localhost:3000'] }

export function serveExpress(ticker: Ticker, port: number): Promise<Running> {
  const app = express()
  app.use(compression({ threshold: 0 }))
  app.get('/', (_req, res) => {
    res.type('text').send('the ticks are at /ticks\n'.repeat(100))
  })
  app.options('/ticks', (req, res, next) => {
    if (!answerPreflight(req, res, cors)) next()
  })
  app.get('/ticks', (req, res) => {
    ticker.listen(openSession(req, res, { cors }))
  })
  return listenOn(app, port)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run('express', serveExpress)
