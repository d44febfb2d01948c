import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGunzip } from 'node:zlib'
import { startPatience } from '@sse-from-scratch/course'
import type { Measurement } from '../contract.ts'
import { startHop } from './hop.ts'

/** A stream that is sent through a hop. */
export interface Setup {
  /** Directives for the `location`. */
  readonly location?: string
  /** Directives for the block `http`. */
  readonly http?: string
  /** Header fields of the stream. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the server leaves out the chunks although it may have them. */
  readonly untilClose?: boolean
  /** Bytes of an event. Default 40. */
  readonly eventSize?: number
  /** The server sends so many events, and then closes the connection in the middle of the stream. */
  readonly breaksAfter?: number
  /** How long the server waits for an event to be seen before it sends the next one, in milliseconds. Default 400. */
  readonly patience?: number
  /** Milliseconds between two events at least, for those who look at the times. Default 0. */
  readonly gap?: number
}

/** What was measured, and how it ended. */
export interface Result extends Measurement {
  /** Whether HTTP calls the answer that the client got complete. */
  readonly isComplete: boolean
  readonly contentType: string | undefined
}

const EVENTS = 5
const SOON = 25

/**
 * Sends events through a hop to a client, and measures.
 *
 * The server sends an event when the one before it has been seen, or when it has waited for long enough. So a stream that is
 * not held is never late, however busy the machine is. After the first event that was not seen in time, it waits only shortly.
 */
export async function measure(setup: Setup): Promise<Result> {
  const {
    location = '',
    http = '',
    headers = {},
    untilClose = false,
    breaksAfter = EVENTS,
    patience = 1000,
    gap = 0,
  } = setup
  const event = `data: ${'x'.repeat((setup.eventSize ?? 40) - 8)}\n\n`
  const sent: number[] = []
  const seen: number[] = []
  const news = new EventEmitter()
  let asked: Measurement['asked'] = 'HTTP/1.1'
  let answered: Measurement['answered'] = 'chunked'
  let start = 0
  const now = () => performance.now() - start

  const server = createServer(async (incoming, response) => {
    asked = incoming.httpVersion === '1.0' ? 'HTTP/1.0' : 'HTTP/1.1'
    response.shouldKeepAlive = false
    if (untilClose) response.useChunkedEncodingByDefault = false
    if (untilClose) response.removeHeader('Transfer-Encoding')
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers })
    for (let nth = 0; nth < breaksAfter; nth++) {
      response.write(event)
      sent.push(now())
      answered = response.chunkedEncoding ? 'chunked' : 'until-close'
      const pause = gap > 0 ? new Promise((resolve) => setTimeout(resolve, gap)) : undefined
      await isSeen(nth + 1)
      await pause
    }
    if (breaksAfter < EVENTS) response.socket?.end()
    else response.end()
  })
  let wait = patience
  async function isSeen(count: number): Promise<void> {
    const late = new AbortController()
    const stop = startPatience(wait, () => late.abort())
    try {
      while (seen.length < count) await once(news, 'seen', { signal: late.signal })
    } catch {
      wait = Math.min(wait, SOON)
    } finally {
      stop()
    }
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    await using hop = await startHop({ upstream: (server.address() as AddressInfo).port, location, http })
    start = performance.now()
    const asking = request({ port: hop.port, host: '127.0.0.1', agent: false, headers: { 'Accept-Encoding': 'gzip' } })
    const [answer] = (await once(asking.end(), 'response')) as [IncomingMessage]
    const coding = answer.headers['content-encoding']
    const contentType = answer.headers['content-type']
    const content = coding === 'gzip' ? answer.pipe(createGunzip()) : answer
    let length = 0
    const ended = new Promise<void>((resolve) => void answer.on('close', resolve).on('error', () => {}))
    content.on('error', () => {})
    content.on('data', (bytes: Buffer) => {
      length += bytes.length
      while (seen.length < Math.floor(length / event.length)) seen.push(now())
      news.emit('seen')
    })
    await ended
    if (content !== answer && !content.closed) await once(content, 'close')
    const isComplete = answer.complete
    return { sent, seen, asked, answered, coding, eventSize: event.length, isComplete, contentType }
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
