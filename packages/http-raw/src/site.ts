import { setImmediate as turn } from 'node:timers/promises'
import { attempt } from './attempt.ts'
import type { Destination } from './destination.ts'
import { HttpError } from './errors.ts'
import type { IdleConnections } from './idle-connections.ts'
import { type KeptConnection, keptConnection } from './kept-connection.ts'
import type { Lease, LeaseOptions } from './lease.ts'
import type { PoolOptions } from './pool-options.ts'
import { createQueue } from './queue.ts'
import { SiteLease } from './site-lease.ts'

/** The part of a pool that leads to one destination. */
export interface Site {
  readonly destination: Destination
  /** Connections, those of `idle` included. */
  readonly open: ReadonlySet<KeptConnection>
  /** Requests that wait for their turn. */
  readonly waiting: number
  /** Nothing is open and nobody wants anything. */
  readonly empty: boolean
  /** See `Pool`. */
  lease(url: URL, options: LeaseOptions): Promise<Lease>
}

export interface SiteOptions {
  readonly settings: Required<PoolOptions>
  /** Where unused connections are kept, together with those of the other sites. */
  readonly idle: IdleConnections
  /** Stops whoever waits. */
  readonly cut: AbortSignal
  /** Something has ended here. */
  readonly onChange: (site: Site) => void
}

export function createSite(destination: Destination, { settings, idle, cut, onChange }: SiteOptions): Site {
  const { queueTimeout, keepAliveTimeout } = settings
  const queue = createQueue(settings.maxConnections, settings.maxWaiting)
  const open = new Set<KeptConnection>()

  function lease(url: URL, options: LeaseOptions): Promise<Lease> {
    if (!queue.enter()) return turnIn(options.signal).then(() => leaseInside(url, options))
    const kept = justUsedOne(options)
    return kept ? Promise.resolve(lend(kept, true)) : leaseInside(url, options)
  }

  /** For whoever has a place. */
  async function leaseInside(url: URL, options: LeaseOptions): Promise<Lease> {
    try {
      const kept = options.fresh ? dropUnused() : (justUsedOne(options) ?? (await silentOne()))
      cut.throwIfAborted()
      return kept ? lend(kept, true) : lend(await dialled(url, options), false)
    } catch (error) {
      leave()
      throw error
    }
  }

  function turnIn(signal: AbortSignal | undefined): Promise<void> {
    const late = () =>
      new HttpError('HTTP_TIMEOUT', `no connection was free within queueTimeout, ${queueTimeout} ms`, { status: 503 })
    return attempt((own) => queue.wait(own), { signals: [signal, cut], time: queueTimeout, late })
  }

  function leave(): void {
    queue.leave()
    onChange(site)
  }

  /**
   * A connection of which the network has told in this very turn of the event loop: enough to know for a request that can
   * be repeated, and half as many again of those are answered (`npm run bench:http -- --only client`).
   */
  function justUsedOne({ fresh, repeatable }: LeaseOptions): KeptConnection | undefined {
    return repeatable && !fresh ? idle.takeJustUsed(open) : undefined
  }

  /** A connection that was idle and has nothing to say after the network has been asked once more. */
  async function silentOne(): Promise<KeptConnection | undefined> {
    for (;;) {
      const kept = idle.take(open)
      if (kept === undefined) return undefined
      await turn() // the rest of this round of the event loop
      await turn() // and a whole one
      if (kept.silent) return kept
      void kept.connection[Symbol.asyncDispose]() // it is nobody's now
    }
  }

  /** If one of them has gone stale, so have the others, most likely: the server was restarted, or the network changed. */
  function dropUnused(): undefined {
    for (const kept of open) idle.drop(kept)
  }

  async function dialled(url: URL, options: LeaseOptions): Promise<KeptConnection> {
    const dial = (signal: AbortSignal) => options.dial(url, { ...options, signal })
    const inner = await attempt(dial, { signals: [options.signal, cut], time: 0 })
    const kept = keptConnection(inner)
    open.add(kept)
    const gone = () => {
      open.delete(kept)
      onChange(site)
    }
    if (inner.signal.aborted) gone()
    else inner.signal.addEventListener('abort', gone, { once: true })
    if (cut.aborted) inner.abort(cut.reason)
    return kept
  }

  function lend(kept: KeptConnection, reused: boolean): Lease {
    return new SiteLease(kept, reused, leave, (keepFor) => {
      idle.keep(kept, keepAliveTimeout === 0 ? keepFor : Math.min(keepFor, keepAliveTimeout))
    })
  }

  const site: Site = {
    destination,
    open,
    get waiting() {
      return queue.waiting
    },
    get empty() {
      return open.size === 0 && queue.inside === 0
    },
    lease,
  }
  return site
}
