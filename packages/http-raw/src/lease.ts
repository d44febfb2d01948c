import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Dial, DialOptions } from './dial.ts'
import { createWaitTimer, type WaitTimer } from './wait-timer.ts'

/** The use of a connection for one exchange. */
export interface Lease {
  readonly connection: Connection
  /** It has carried an exchange before, so the server may just have closed it. */
  readonly reused: boolean
  /** A byte has been read in this lease. */
  readonly heard: boolean
  /** For the waits of this exchange. */
  readonly timer: WaitTimer
  /** Runs once, when the lease is over: given back, or its connection gone. */
  onEnd(ended: () => void): void
  /**
   * Gives the connection back after an exchange that is complete in both directions: to be kept for the next one, at
   * most so many milliseconds (Infinity if the server has not said), or with `undefined` to be closed.
   */
  release(keepFor: number | undefined): void
}

/** What kind of connection is wanted, and how to open one. */
export interface LeaseOptions extends DialOptions {
  /** How a connection is opened if there is none. */
  readonly dial: Dial
  /** Not one that has been used before. */
  readonly fresh: boolean
  /**
   * The request may be sent a second time, on a fresh connection, should this one turn out to be gone. Then one that has
   * been heard of in this turn of the event loop will do as it is. Default false: the network is asked first.
   */
  readonly repeatable?: boolean
}

/** A connection of its own, for one exchange. */
export async function leaseOnce(url: URL, options: LeaseOptions): Promise<Lease> {
  const connection = await options.dial(url, options)
  const timer = createWaitTimer()
  let onEnd = () => {}
  const end = () => {
    timer.cancel()
    onEnd()
  }
  connection.signal.addEventListener('abort', end, { once: true })
  return {
    connection,
    reused: false,
    heard: false,
    timer,
    onEnd(ended) {
      onEnd = ended
      if (connection.signal.aborted) end()
    },
    release() {
      end()
      void connection[Symbol.asyncDispose]()
    },
  }
}

/** Has the signal of the caller cut the connection, for as long as the lease lasts. */
export function cutOnAbort(lease: Lease, signal: AbortSignal): void {
  const cut = () => lease.connection.abort(signal.reason)
  signal.addEventListener('abort', cut, { once: true })
  lease.onEnd(() => signal.removeEventListener('abort', cut))
  if (signal.aborted) cut()
}
