import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { eventOf, type Out, type Script } from './script.ts'

/** A server, what it was asked, and what it sent when. */
export interface Origin extends AsyncDisposable {
  readonly port: number
  readonly asked: readonly string[]
  /** When each event was sent, in milliseconds of `performance.now()`. */
  readonly sent: readonly number[]
  /** When it learned that the client, or the hop, had left; undefined if it did not before it was done. */
  readonly goneAt: number | undefined
  /** When it ended the stream, or broke it off. */
  readonly doneAt: number | undefined
  /** What it does with its requests is done. */
  finished(): Promise<void>
  /** Tells it that the client has seen so many events by now. */
  sawEvents(count: number): void
}

/** How long it waits for an event to be seen, in milliseconds; after one that was late, it waits only shortly. */
const PATIENCE = 1500
const SOON = 50

export async function startOrigin(script: Script): Promise<Origin> {
  const asked: string[] = []
  const sent: number[] = []
  const news = new EventEmitter()
  const running: Promise<void>[] = []
  let count = 0
  let patience = PATIENCE
  let goneAt: number | undefined
  let doneAt: number | undefined
  const server = createServer((request, response) => {
    asked.push(`HTTP/${request.httpVersion}`)
    response.on('close', () => {
      if (!response.writableFinished && doneAt === undefined) goneAt ??= performance.now()
    })
    const { socket } = response
    const out: Out = {
      response,
      head(fields = {}) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', ...fields })
        response.flushHeaders()
      },
      event(size = 40) {
        if (!response.headersSent) out.head()
        response.write(eventOf(sent.length, size))
        sent.push(performance.now())
      },
      async seen() {
        const late = AbortSignal.timeout(patience)
        try {
          while (count < sent.length) await once(news, 'seen', { signal: late })
        } catch {
          patience = SOON
        }
      },
      pause: (milliseconds) => pause(milliseconds),
      isGone: () => response.destroyed,
      raw: (text) => void socket?.write(text),
      breakOff(how) {
        doneAt = performance.now()
        if (how === 'fin') socket?.end()
        else socket?.resetAndDestroy()
      },
      end() {
        doneAt = performance.now()
        response.end()
      },
    }
    running.push(script(out))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    sent,
    get goneAt() {
      return goneAt
    },
    get doneAt() {
      return doneAt
    },
    async finished() {
      await Promise.all(running)
    },
    sawEvents(seen) {
      count = seen
      news.emit('seen')
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
