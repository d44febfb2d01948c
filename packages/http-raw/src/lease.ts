import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Dial, DialOptions } from './dial.ts'

/** The use of a connection for one exchange. */
export interface Lease {
  readonly connection: Connection
  /** It has carried an exchange before, so the server may just have closed it. */
  readonly reused: boolean
  /** A byte has been read in this lease. */
  readonly heard: boolean
  /** Runs once, when the lease is over: given back, or its connection gone. */
  onEnd(ended: () => void): void
  /**
   * Gives the connection back after an exchange that is complete in both directions: to be kept for the next one, at
   * most so many milliseconds (Infinity if the server has not said), or with `undefined` to be closed.
   */
  release(keepFor: number | undefined): void
}

/** What a connection is wanted for, and how to open one. */
/** What kind of connection is wanted. */
export interface LeaseOptions extends DialOptions {
  /** How a connection is opened if there is none. */
  readonly dial: Dial
  /** Not one that has been used before. */
  readonly fresh: boolean
}

/** A connection of its own, for one exchange. */
export async function leaseOnce(url: URL, options: LeaseOptions): Promise<Lease> {
  const connection = await options.dial(url, options)
  let onEnd = () => {}
  const end = () => onEnd()
  connection.signal.addEventListener('abort', end, { once: true })
  return {
    connection,
    reused: false,
    heard: false,
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
