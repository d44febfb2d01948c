import { type Line, startLine } from './line.ts'
import type { Listen } from './listener.ts'
import { startTickServer, type TickServer, type TickServerOptions } from './server.ts'
import { createTicker, type Ticker } from './ticker.ts'

/** A way to listen, with the name it has in the tables. */
export interface Contestant {
  readonly name: string
  readonly listen: Listen
}

/** A tick as one listener heard it. Times are those of performance.now(): there is one process, and one clock. */
export interface Heard {
  readonly id: number
  readonly at: number
}

/** One listener at the end of its own line. */
export interface Lane {
  readonly name: string
  readonly line: Line
  readonly heard: readonly Heard[]
  readonly troubles: readonly string[]
  readonly opened: boolean
  /** Requests it has made so far. */
  readonly requests: number
}

/** One ticker, one server, and everybody who listens. */
export interface Stage extends AsyncDisposable {
  readonly lanes: readonly Lane[]
  /** When each tick was published, by id; empty at 0. */
  readonly publishedAt: readonly number[]
  publish(): void
  /** Resets the lines of everybody. */
  cut(): void
  /** Resolves when all have heard the newest tick, or when `patience` is over. */
  settle(patience: number): Promise<void>
}

export interface StageOptions extends TickServerOptions {
  readonly contestants: readonly Contestant[]
  readonly random: () => number
  readonly pollInterval: number
  /** Milliseconds that everybody has to get a connection. */
  readonly patience: number
  /** What stands between the lines and the server. Default: nothing. */
  readonly through?: ((port: number) => Promise<{ readonly port: number } & AsyncDisposable>) | undefined
}

/** Starts everything, and resolves when everybody listens, or could not. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const { contestants, patience, through } = options
  const ticker = createTicker(options.random)
  const server = await startTickServer(ticker, options)
  const proxy = await through?.(server.port)
  const leaving = new AbortController()
  const seats = await Promise.all(
    contestants.map((contestant) => seat(contestant, proxy ?? server, server, options, leaving.signal)),
  )
  const lanes = seats.map(({ lane }) => lane)
  const publishedAt: number[] = []

  await until(() => lanes.every(({ opened }) => opened), patience)
  return {
    lanes,
    publishedAt,
    publish() {
      publishedAt[ticker.last + 1] = performance.now()
      ticker.publish()
    },
    cut() {
      for (const { line } of lanes) line.cut()
    },
    settle: (within) => until(() => lanes.every((lane) => isCurrent(lane, ticker)), within),
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await Promise.all(seats.map(({ listening }) => listening))
      await Promise.all(lanes.map(({ line }) => line[Symbol.asyncDispose]()))
      await proxy?.[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** Gives one listener its line and lets it begin. */
async function seat(
  { name, listen }: Contestant,
  target: { readonly port: number },
  server: TickServer,
  { pollInterval, retry }: StageOptions,
  signal: AbortSignal,
): Promise<{ readonly lane: Lane; readonly listening: Promise<void> }> {
  const line = await startLine(target.port)
  const heard: Heard[] = []
  const troubles: string[] = []
  let opened = false
  const hearing = {
    open() {
      opened = true
    },
    tick: (text: string) => void heard.push({ at: performance.now(), id: JSON.parse(text).id }),
    trouble: (what: string) => void troubles.push(what),
  }
  const listening = listen(hearing, { port: line.port, name, retry, pollInterval, signal })
  const lane: Lane = {
    name,
    line,
    heard,
    troubles,
    get opened() {
      return opened
    },
    get requests() {
      return server.requestsOf(name)
    },
  }
  return { lane, listening }
}

function isCurrent({ heard }: Lane, { last }: Ticker): boolean {
  return last === 0 || heard.at(-1)?.id === last
}

/** Looks every 2 ms, for at most `patience`. */
async function until(condition: () => boolean, patience: number): Promise<void> {
  for (const end = performance.now() + patience; !condition() && performance.now() < end; ) await rest(2)
}

/** Resolves after so many milliseconds. */
export function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
