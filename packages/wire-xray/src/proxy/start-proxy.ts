import { type Dial, type DialOptions, dial as dialDirectly } from '@sse-from-scratch/http-raw'
import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { type FaultSource, parseFaults, withFaults } from '../faults/index.ts'
import { createEntryMask, type EntryMask, type MaskRules } from '../recording/entry-mask.ts'
import { createBacklog } from './backlog.ts'
import { createExplainer, type Explainer, type ExplainerOptions } from './explainer.ts'
import type { Item } from './item.ts'
import { isLoopback } from './loopback.ts'
import { type Happening, serveClient, type Witness } from './serve-client.ts'
import { targetOf } from './target.ts'

const MAX_WAITING = 8 * 1024 * 1024

/** Where a proxy listens, whom it asks, and who is told. Times are milliseconds. */
export interface ProxyOptions extends ExplainerOptions, MaskRules {
  /** The origin that is asked, `https://api.example.com` for example. */
  readonly target: string | URL
  /** Default 0: any that is free. */
  readonly port?: number
  /** Default 127.0.0.1. An address that others can reach is a `TypeError`, unless `exposed` says that it is meant. */
  readonly host?: string
  /** Whether others than this machine may use the proxy, and whatever the target lets it do. Default false. */
  readonly exposed?: boolean
  /** Connections at a time; the next one is closed as soon as it is accepted. Default 1,024. */
  readonly maxConnections?: number
  /** How long the target, its TLS included, may take to be there; 0 is for ever. Default 10,000. */
  readonly connectTimeout?: number
  /** Cut a connection on which nothing has moved for so long; 0 is never. Default 3,600,000: the ends have timeouts of their own. */
  readonly idleTimeout?: number
  /** For an `https:` target: `ca` and the like. By default its certificate is verified against its name. */
  readonly tls?: DialOptions['tls']
  /** How the target is reached. Tunnels and tests go here. Default: directly. */
  readonly dial?: Dial
  /** What goes wrong on the way back from the target, on each connection: see `withFaults`. Default: nothing. */
  readonly faults?: string | FaultSource
  /** The clock of items and entries, in milliseconds: two proxies with the same one can be compared. Default: since this call. */
  readonly now?: () => number
  /** Bytes that may wait to be looked at, over all connections; what comes beyond them becomes a gap. Default 8 MiB. */
  readonly maxWaiting?: number
  /** Told of each read and each end, credentials and all. */
  readonly onEntry?: (entry: RecordedRead) => void
  /** Told of the same with stars for secrets, as `createEntryMask` puts them: what a recording is made of. */
  readonly onMasked?: (entry: RecordedRead) => void
  /**
   * Told what it all was. No credential fields and no keys in queries are in it; with `withBytes` or `onMasked` it is made of
   * what `onMasked` gets, so that what a server repeats of them in its content is not, either.
   */
  readonly onItem?: (item: Item) => void
}

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
