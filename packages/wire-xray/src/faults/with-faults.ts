import { type Clock, createRandom, systemClock } from '@sse-from-scratch/llm-stream/simulator'
import { type Connection, wrapConnection } from '@sse-from-scratch/tcp-echo'
import type { Fault } from './fault.ts'
import { type Arrival, chainOf } from './hop.ts'
import { hopFor } from './hop-for.ts'
import { parseFaults } from './parse-faults.ts'
import { createRequestLog } from './request-log.ts'

/** How faults behave. */
export interface FaultOptions {
  /** What chance does where chance is asked for: the same seed, the same faults. Default 1. */
  readonly seed?: number
  /** Bytes that the faults of one connection may keep back; then its server has to wait. Default 16 MiB. */
  readonly maxHeld?: number
  /** Whose time it is. Default: the system's. */
  readonly clock?: Clock
}

/**
 * The connection to a server, with a bad way back: what is read has gone through the faults, the first of them next to the
 * server. What is written leaves as it is.
 *
 * Backpressure is kept: nothing is read ahead but what a fault holds, up to `maxHeld`. Faults that hold back until the end
 * let go of what is more.
 *
 * @throws TypeError for faults that cannot be read
 * @throws RangeError for a `maxHeld` that is not above 0
 */
export function withFaults(
  connection: Connection,
  faults: string | readonly Fault[],
  options: FaultOptions = {},
): Connection {
  const { clock = systemClock, maxHeld = 16 * 1024 * 1024, seed = 1 } = options
  if (!(maxHeld > 0)) throw new RangeError(`maxHeld is above 0, not ${maxHeld}`)
  const requests = createRequestLog()
  const setup = { requests, maxHeld, random: createRandom(seed) }
  const list = typeof faults === 'string' ? parseFaults(faults) : faults
  const chain = chainOf(list.map((fault) => hopFor(fault, setup)))

  const leaving: Arrival[] = []
  const leave = (arrival: Arrival): void => void leaving.push(arrival)
  let over: Arrival | undefined // how it ended, for the reader
  let left: { readonly reason: unknown } | undefined // we dropped it ourselves
  let isReading = false
  let hasEnded = false // the server
  let gaveBytes = false // since we last waited
  let wake = (): void => {}

  function arrive(arrival: Arrival): void {
    hasEnded = arrival.kind !== 'bytes'
    isReading = false
    chain.take(arrival, clock.now(), leave)
    wake()
  }

  function readOn(): void {
    if (isReading || hasEnded || chain.held > maxHeld) return
    isReading = true
    connection.read().then(
      (bytes) => arrive(bytes === null ? { kind: 'fin' } : { kind: 'bytes', bytes: Uint8Array.from(bytes) }),
      (error: unknown) => arrive({ kind: 'rst', error }),
    )
  }

  /** Until something has arrived, or a fault has its turn. */
  async function change(): Promise<void> {
    const now = clock.now()
    if (chain.due <= now) return chain.wake(now, leave)
    const timer = new AbortController()
    const changed = new Promise<void>((resolve) => {
      wake = resolve
    })
    readOn()
    if (chain.due < Number.POSITIVE_INFINITY) clock.sleep(chain.due - now, timer.signal).then(wake, () => {})
    await changed
    timer.abort()
    gaveBytes = false
  }

  async function read(): Promise<Uint8Array | null> {
    for (;;) {
      if (left) throw left.reason
      const next = over ?? leaving[0]
      if (next === undefined) await change()
      else if (next.kind !== 'bytes') return finish(next)
      else if (gaveBytes) await turn()
      else {
        leaving.shift()
        gaveBytes = true
        return next.bytes
      }
    }
  }

  /** Writes of one turn would leave as one, so pieces that are to stay apart get a turn each. */
  async function turn(): Promise<void> {
    gaveBytes = false
    await clock.sleep(0, connection.signal).catch(() => {}) // then the next look says why
  }

  function finish(end: Arrival & { readonly kind: 'fin' | 'rst' }): null {
    over = end
    if (end.kind === 'fin') return null
    connection.abort(end.error)
    throw end.error
  }

  return wrapConnection(connection, {
    read,
    unread(bytes) {
      leaving.unshift({ kind: 'bytes', bytes })
      gaveBytes = false
    },
    write(...parts) {
      for (const part of parts) requests.push(part)
      return connection.write(...parts)
    },
    abort(reason) {
      left ??= { reason }
      connection.abort(reason)
      wake()
    },
  })
}
