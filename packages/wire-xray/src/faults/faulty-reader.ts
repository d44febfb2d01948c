import type { Clock } from '@sse-from-scratch/llm-stream/simulator'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Arrival, Hop } from './hop.ts'

/** What is read, through what, by which clock, and how much of it may be kept back. */
export interface FaultyReaderSetup {
  readonly connection: Connection
  readonly chain: Hop
  readonly clock: Clock
  readonly maxHeld: number
}

/** Reads a connection through hops. */
export type FaultyReader = Pick<Connection, 'read' | 'unread' | 'abort'>

/** The shell around a chain of hops: waits for bytes, and for the time. Reads on while somebody waits for bytes. */
export function createFaultyReader({ connection, chain, clock, maxHeld }: FaultyReaderSetup): FaultyReader {
  const leaving: Arrival[] = []
  const leave = (arrival: Arrival): void => void leaving.push(arrival)
  let over: Arrival | undefined // how it ended, for the reader
  let dropped: { readonly reason: unknown } | undefined // by us
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
    connection
      .read()
      .then(
        (bytes) => arrive(bytes === null ? { kind: 'fin' } : { kind: 'bytes', bytes: new Uint8Array(bytes) }),
        (error: unknown) => arrive({ kind: 'rst', error }),
      )
      .catch(abort) // whatever a hop throws is for the reader
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

  /** Writes of one turn would leave as one, so pieces that are to stay apart get a turn each. */
  async function turn(): Promise<void> {
    gaveBytes = false
    await clock.sleep(0, connection.signal).catch(() => {}) // then the next look says why
  }

  function finish(end: Exclude<Arrival, { readonly kind: 'bytes' }>): null {
    over = end
    if (end.kind === 'fin') return null
    connection.abort(end.error)
    throw end.error
  }

  function abort(reason?: unknown): void {
    connection.abort(reason)
    dropped ??= { reason: reason ?? connection.signal.reason }
    wake()
  }

  return {
    async read() {
      for (;;) {
        if (dropped) throw dropped.reason
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
    },
    unread(bytes) {
      leaving.unshift({ kind: 'bytes', bytes })
      gaveBytes = false
    },
    abort,
  }
}
