import type { Dial, DialOptions } from '@sse-from-scratch/http-raw'
import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import type { FaultSource } from '../faults/index.ts'
import type { MaskRules } from '../recording/entry-mask.ts'
import type { ExplainerOptions } from './explainer.ts'
import type { Item } from './item.ts'

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
