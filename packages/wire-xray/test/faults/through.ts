import { createRandom } from '@sse-from-scratch/llm-stream/simulator'
import { type Fault, parseFaults } from '@sse-from-scratch/wire-xray/faults'
import { type Arrival, chainOf } from '../../src/faults/hop.ts'
import { hopFor } from '../../src/faults/hop-for.ts'
import { createRequestLog } from '../../src/faults/request-log.ts'
import { bytes, text } from '../recording/entries.ts'

/** What comes from the server: text, or its end; at a time, if it matters. */
export type Coming = string | readonly [at: number, what: string]

export const ASK =
  'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}'
export const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
export const LAST = '0\r\n\r\n'

export const chunk = (data: string): string => `${data.length.toString(16)}\r\n${data}\r\n`
export const event = (data: string | number): string => `data: ${data}\n\n`

/** An answer of so many events, each in a chunk and in a read of its own, `every` milliseconds apart. */
export function stream(count: number, every = 0): readonly Coming[] {
  const events = Array.from({ length: count }, (_, n) => [n * every, chunk(event(n + 1))] as const)
  return [[0, HEAD], ...events, [(count - 1) * every, LAST]]
}

export interface ThroughOptions {
  readonly ask?: string
  readonly maxHeld?: number
  readonly seed?: number
}

/** What a client gets of it, piece by piece, and when. */
export function timedThrough(
  faults: string | readonly Fault[],
  coming: readonly Coming[],
  { ask = ASK, maxHeld = 1e6, seed = 1 }: ThroughOptions = {},
): readonly (readonly [at: number, what: string])[] {
  const requests = createRequestLog()
  const setup = { requests, maxHeld, random: createRandom(seed) }
  const list = typeof faults === 'string' ? parseFaults(faults) : faults
  const chain = chainOf(list.map((fault) => hopFor(fault, setup)))
  const got: (readonly [number, string])[] = []
  let now = 0
  const leave = (arrival: Arrival): void => void got.push([now, whatOf(arrival)])

  function waitUntil(time: number): void {
    while (chain.due <= time && chain.due < Number.POSITIVE_INFINITY) {
      now = chain.due
      chain.wake(now, leave)
    }
    now = Math.max(now, time)
  }

  requests.push(bytes(ask))
  for (const each of coming) {
    const [at, what] = typeof each === 'string' ? [now, each] : each
    waitUntil(at)
    chain.take(arrivalOf(what), now, leave)
  }
  waitUntil(1e9)
  return got
}

/** What a client gets of it, piece by piece. */
export function through(
  faults: string | readonly Fault[],
  coming: readonly Coming[],
  options?: ThroughOptions,
): readonly string[] {
  return timedThrough(faults, coming, options).map(([, what]) => what)
}

function arrivalOf(what: string): Arrival {
  if (what === 'FIN') return { kind: 'fin' }
  return what === 'RST' ? { kind: 'rst', error: new Error('RST') } : { kind: 'bytes', bytes: bytes(what) }
}

function whatOf(arrival: Arrival): string {
  return arrival.kind === 'bytes' ? text(arrival.bytes) : arrival.kind.toUpperCase()
}
