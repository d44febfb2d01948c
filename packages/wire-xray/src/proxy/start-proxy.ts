import { type Dial, dial as dialDirectly } from '@sse-from-scratch/http-raw'
import { type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { type FaultSource, parseFaults, withFaults } from '../faults/index.ts'
import { createEntryMask, type EntryMask } from '../recording/entry-mask.ts'
import { createBacklog } from './backlog.ts'
import { createExplainer, type Explainer } from './explainer.ts'
import { isLoopback } from './loopback.ts'
import type { ProxyOptions } from './options.ts'
import { type Happening, serveClient, type Witness } from './serve-client.ts'
import { targetOf } from './target.ts'

const MAX_WAITING = 8 * 1024 * 1024

/** A proxy that listens. */
export interface XrayProxy extends Listener {
  /** What clients put in front of their paths. */
  readonly url: string
  /** Tells the listeners of all that still waits for them; resolves when they know. */
  settled(): Promise<void>
}

/**
 * Stands between any client and one server, and tells what goes by. Clients speak plain HTTP/1.1 to it; with an `https:`
 * target it speaks TLS.
 *
 * What comes is passed on first, byte for byte, and told and explained when there is time for that: FIN as FIN, RST as RST (where there is no TLS,
 * which has none), and no faster than the other side takes it. Only the Host field of requests is rewritten, to the
 * target's. When the target cannot be reached the client gets a 502 that says why, and an item `note` says it, too.
 *
 * The listeners must not throw: there is nobody to catch it.
 *
 * @throws TypeError for a target that is no origin, faults that cannot be read, and a host that others can reach without `exposed`
 * @throws RangeError for an impossible port, time or number
 * @throws TcpError `TCP_ADDRESS_IN_USE` when the port is taken
 */
export async function startProxy(options: ProxyOptions): Promise<XrayProxy> {
  const { host = '127.0.0.1', exposed = false, maxConnections = 1024, idleTimeout = 3_600_000 } = options
  const {
    dial = dialDirectly,
    connectTimeout = 10_000,
    tls,
    maxWaiting = MAX_WAITING,
    onEntry,
    onMasked,
    onItem,
  } = options
  const target = targetOf(options.target)
  const faults: FaultSource = typeof options.faults === 'string' ? parseFaults(options.faults) : (options.faults ?? [])
  const dialFaulty: Dial = async (url, how) => withFaults(await dial(url, how), faults)
  if (!exposed && !isLoopback(host)) throw new TypeError(`others can reach ${host}: give exposed if they may`)
  const explainer = onItem && createExplainer(onItem, options)
  const take = onMasked || options.withBytes ? masked(options, explainer).take : explainer?.take
  const backlog = createBacklog((entry) => {
    onEntry?.(entry)
    take?.(entry)
  }, maxWaiting)
  const service = {
    target,
    dial: typeof faults === 'function' || faults.length > 0 ? dialFaulty : dial,
    dialOptions: { connectTimeout, idleTimeout, ...(tls && { tls }) },
  }
  const start = performance.now()
  const { now = () => performance.now() - start } = options
  let connections = 0

  function witnessOf(connection: number): Witness {
    const here = () => ({ at: now(), connection })
    return {
      enter(happening: Happening) {
        if (onEntry || take) backlog.add({ ...happening, ...here() })
      },
      note: (text) => onItem?.({ kind: 'note', ...here(), text }),
    }
  }

  const listener = await listen((client) => serveClient(client, service, witnessOf(++connections)), {
    host,
    maxConnections,
    idleTimeout,
    ...(options.port !== undefined && { port: options.port }),
  })
  const { address, port } = listener.address
  return {
    ...listener,
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    async settled() {
      backlog.flush()
      await explainer?.settled()
    },
  }
}

/** The same secrets are hidden from who records and from who looks: they are searched once. */
function masked(options: ProxyOptions, explainer: Explainer | undefined): EntryMask {
  const { onMasked } = options
  return createEntryMask({
    ...options,
    record(entry) {
      onMasked?.(entry)
      explainer?.take(entry)
    },
  })
}
