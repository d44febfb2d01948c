import { setMaxListeners } from 'node:events'
import { TcpError } from '@sse-from-scratch/tcp-echo'
import { destinationOf, isSameDestination } from './destination.ts'
import { createIdleConnections } from './idle-connections.ts'
import type { Lease, LeaseOptions } from './lease.ts'
import { type PoolOptions, poolSettings } from './pool-options.ts'
import { createSite, type Site } from './site.ts'

/** Connections that outlive their request, for those that follow: `request(url, { pool })`. */
export interface Pool extends AsyncDisposable {
  /** Connections that are open, the idle ones included. */
  readonly open: number
  /** Those of them that nobody uses at the moment. They do not keep the process alive. */
  readonly idle: number
  /** Requests that wait for their turn. */
  readonly waiting: number
  /**
   * What `request` asks for: a connection for one exchange with the server of `url`.
   *
   * Rejects with a `TypeError` if the pool is closed, with `HTTP_POOL_FULL` or `HTTP_TIMEOUT` if too many are before us, with
   * the signal's reason, and with whatever `dial` does.
   */
  lease(url: URL, options: LeaseOptions): Promise<Lease>
  /** Takes no more requests and waits until those it has are over; cuts those that are left when `signal` aborts. */
  close(signal?: AbortSignal): Promise<void>
  /** {@link close} without patience: cuts every connection. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A pool of connections that are kept alive (RFC 9112 §9.3). One is used again for the same origin, `dial`, `tls` and
 * `idleTimeout`, after a response has arrived to its end and if neither side has said that it closes.
 *
 * An idle connection is listened to: FIN, RST or a byte nobody asked for, and it is closed. Before one is used again the
 * event loop goes round once, to bring such news; only a request that may be repeated takes one at once that another has
 * been answered on in the same turn. `RangeError` for an option that makes no sense.
 */
export function createPool(options: PoolOptions = {}): Pool {
  const settings = poolSettings(options)
  const sites = new Set<Site>()
  const idle = createIdleConnections(settings.maxIdle)
  const cutting = new AbortController()
  setMaxListeners(0, cutting.signal) // everybody who waits listens to it
  let closing = false
  let becomeEmpty = () => {}
  const emptied = new Promise<void>((resolve) => {
    becomeEmpty = resolve
  })

  function siteFor(url: URL, leaseOptions: LeaseOptions): Site {
    const destination = destinationOf(url, leaseOptions)
    for (const site of sites) if (isSameDestination(site.destination, destination)) return site
    const site = createSite(destination, { settings, idle, cut: cutting.signal, onChange: tidy })
    sites.add(site)
    return site
  }

  /** Forgets a site that nobody needs any more. */
  function tidy(site: Site): void {
    if (site.empty) sites.delete(site)
    if (!closing) return
    idle.dropAll()
    if (sites.size === 0) becomeEmpty()
  }

  function cut(cause: unknown): void {
    const reason = new TcpError('TCP_CLOSED', 'the pool was closed', { cause })
    cutting.abort(reason)
    for (const { open } of sites) for (const { connection } of open) connection.abort(reason)
  }

  async function close(signal?: AbortSignal): Promise<void> {
    const onAbort = () => cut(signal?.reason)
    closing = true
    idle.dropAll()
    if (sites.size === 0) becomeEmpty()
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
    await emptied
    signal?.removeEventListener('abort', onAbort)
  }

  return {
    get open() {
      return sum(sites, (site) => site.open.size)
    },
    get idle() {
      return idle.size
    },
    get waiting() {
      return sum(sites, (site) => site.waiting)
    },
    lease(url, leaseOptions) {
      if (closing) return Promise.reject(new TypeError('the pool is closed'))
      return siteFor(url, leaseOptions).lease(url, leaseOptions)
    },
    close,
    [Symbol.asyncDispose]: () => close(AbortSignal.abort()),
  }
}

function sum(sites: Iterable<Site>, count: (site: Site) => number): number {
  let total = 0
  for (const site of sites) total += count(site)
  return total
}
