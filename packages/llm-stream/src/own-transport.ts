import { type Dial, type DialOptions, dial, type Lease, type LeaseOptions, type Pool } from '@sse-from-scratch/http-raw'
import type { Transport } from '@sse-from-scratch/sse-client'
import { rawTransport } from '@sse-from-scratch/sse-client/raw'
import { recordedConnection } from './recorded-connection.ts'
import type { Recorder } from './recorder.ts'
import { followWithinOrigin } from './redirects.ts'

/** How our own HTTP gets to a server. */
export interface NetworkOptions {
  /** How a connection is opened. Default: TCP, or TLS over it. */
  readonly dial?: Dial
  /** Certificates and the like, as for `tls.connect`: `{ ca }` for a server that signs its own. */
  readonly tls?: NonNullable<DialOptions['tls']>
  /**
   * Connections that are kept from one request to the next: `createPool()` of http-raw. Default: a new one each time.
   * A request that was sent on a kept one, and found it closed without a byte of an answer, is sent once more on a new one.
   */
  readonly pool?: Pool
}

/** Our own floors, watched: the moment of a connection is one that `Timeouts` needs to know. Their own clocks are off. */
export function ownTransport(
  { dial: open = dial, tls, pool }: NetworkOptions,
  connected: () => void,
  recorder: Recorder | undefined,
): Transport {
  const common = { redirects: 0, headTimeout: 0, connectTimeout: 0, idleTimeout: 0, ...(tls && { tls }) }
  if (pool) {
    const watched = watchedPool(pool, connected, recorder)
    // RFC 9110 §9.2.2 lets a client repeat what it knows to be safe to repeat: see retry.ts.
    return followWithinOrigin(rawTransport({ ...common, dial: open, pool: watched, idempotent: true }))
  }
  const watchedDial: Dial = async (url, options) => {
    const connection = await open(url, options)
    connected()
    return recorder ? recordedConnection(connection, recorder.connect(aboutOf(url, connection))) : connection
  }
  return followWithinOrigin(rawTransport({ ...common, dial: watchedDial }))
}

/** The connections stay the pool's; each use of one is watched by itself. */
function watchedPool(pool: Pool, connected: () => void, recorder: Recorder | undefined): Pool {
  async function lease(url: URL, options: LeaseOptions): Promise<Lease> {
    const lease = await pool.lease(url, options)
    connected()
    return recorder ? recordedLease(lease, url, recorder) : lease
  }
  return { ...pool, lease }
}

function recordedLease(lease: Lease, url: URL, recorder: Recorder): Lease {
  const record = recorder.connect(aboutOf(url, lease.connection))
  const connection = recordedConnection(lease.connection, record)
  return {
    connection,
    timer: lease.timer,
    reused: lease.reused,
    get heard() {
      return lease.heard
    },
    onEnd: (ended) => lease.onEnd(ended),
    release(keepFor) {
      record.close()
      lease.release(keepFor)
    },
  }
}

function aboutOf(url: URL, { remote }: Lease['connection']): { readonly address: string; readonly tls?: string } {
  const host = remote.address.includes(':') ? `[${remote.address}]` : remote.address
  return { address: `${host}:${remote.port}`, ...(url.protocol === 'https:' && { tls: 'TLS' }) }
}
