/**
 * What the four programs beside this one have in common: a ticker to listen to, and a polite end. None of it knows a
 * framework; what a framework needs is all in the file with its name.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { type Channel, createChannel, createHistory, type Session } from '@sse-from-scratch/sse-server'
import { fail, orExit, wholeNumber } from '../command-line.ts'

export interface Ticker {
  readonly channel: Channel
  /** Lets one more client listen. */
  listen(session: Session): void
  /** Sends everybody away, told when to come back, and stops ticking. Resolves when the last byte has left. */
  stop(): Promise<void>
}

export interface TickerOptions {
  /** Milliseconds between two ticks; 0 leaves publishing to the caller. */
  readonly interval: number
  readonly log?: (line: string) => void
}

/** A channel that says the time. Its ids let a client that was away hear what it missed. */
export function createTicker({ interval, log = () => {} }: TickerOptions): Ticker {
  const channel = createChannel({
    history: createHistory(1000),
    onGap: (session) => void session.send({ event: 'reset', data: 'some ticks are forgotten' }),
    onSubscribe: ({ lastEventId = 'the beginning' }) => log(`a client listens, after ${lastEventId}`),
    onUnsubscribe: ({ signal }) => log(`a client has left: ${signal.reason?.code}`),
  })
  const tick = () => channel.publish({ event: 'tick', data: new Date().toISOString() })
  const timer = interval > 0 ? setInterval(tick, interval) : undefined
  return {
    channel,
    listen: (session) => void channel.subscribe(session),
    async stop() {
      clearInterval(timer)
      await channel.end({ retry: 500, spread: 1000, signal: AbortSignal.timeout(5000) })
    },
  }
}

/** A server that accepts connections. */
export interface Running {
  readonly port: number
  /** Takes no more connections, sends the clients away, and resolves when the last one is gone. */
  close(sendAway: () => Promise<void>): Promise<void>
}

/** Puts a listener, which is what most frameworks are in the end, behind `node:http`. */
export function listenOn(listener: RequestListener, port: number): Promise<Running> {
  return started(createServer(listener), port)
}

/** Starts a server that some framework has made. */
export async function started(server: Server, port: number): Promise<Running> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close(sendAway) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await sendAway().finally(() => {
        // A stream that has ended leaves a kept-alive connection behind, which Node would wait for.
        const closing = setInterval(() => server.closeIdleConnections(), 20)
        void closed.then(() => clearInterval(closing))
      })
      await closed
    },
  }
}

/** Runs one of the programs from its command line until Ctrl-C. */
export async function run(name: string, serve: (ticker: Ticker, port: number) => Promise<Running>): Promise<void> {
  const asked = orExit(readArguments)
  if (asked === undefined) return console.log(usageOf(name))
  const ticker = createTicker({ interval: asked.interval, log: console.log })
  let server: Running
  try {
    server = await serve(ticker, asked.port)
  } catch (error) {
    await ticker.stop()
    return fail(error) // the port is taken, say
  }
  console.log(`${name}: http://127.0.0.1:${server.port}/ticks (Ctrl-C ends it)`)
  process.once('SIGINT', async () => {
    await server.close(() => ticker.stop()).catch((late) => console.log(`somebody was cut off: ${late.message}`))
    console.log(`${name}: everybody was sent away`)
  })
}

/** `undefined` for --help. */
function readArguments(): { readonly port: number; readonly interval: number } | undefined {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      interval: { type: 'string', default: '1000' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    port: wholeNumber('--port', values.port, 65_535),
    interval: wholeNumber('--interval', values.interval, 86_400_000),
  }
}

function usageOf(name: string): string {
  return `usage: ${name} [--port 0] [--interval 1000]

  --port       where to listen on 127.0.0.1; 0 takes any free port
  --interval   milliseconds between two ticks

Listen with: curl -N http://127.0.0.1:PORT/ticks
Ctrl-C sends every client away, told when to come back, and ends.`
}
