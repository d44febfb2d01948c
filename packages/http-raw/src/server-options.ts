import type { TlsOptions } from 'node:tls'
import type { Connection, ListenOptions } from '@sse-from-scratch/tcp-echo'
import { count, milliseconds } from '@sse-from-scratch/tcp-echo/limits'
import type { TransferCoding } from './body.ts'
import { Closing } from './closing.ts'
import type { HttpVersion } from './head.ts'
import { type Limits, limitsOf } from './limits.ts'
import { type HttpOptions, ownVersion } from './options.ts'

/** How long a client may take, in milliseconds. 0 is for ever, where nothing else is said. */
export interface ServerTimeouts {
  /** For a whole request head, from its first byte; also for that first byte on a new connection. 408. Default 30,000. */
  readonly headTimeout?: number
  /** For a whole request, body included, while the handler reads it. 408. Default 300,000. */
  readonly requestTimeout?: number
  /** Without a byte of a body that the handler waits for. 408. Default 30,000. */
  readonly bodyIdleTimeout?: number
  /** For the first byte of a next request; then, or a quarter later, the connection is closed in silence. Default 75,000. */
  readonly keepAliveTimeout?: number
  /** For the client to read our last answer and close, once we have (RFC 9112 §9.6); 0 does not wait. Default 2,000. */
  readonly lingerTimeout?: number
}

/** How one connection is served. */
export interface ServeConnectionOptions extends HttpOptions, ServerTimeouts {
  /** Bytes of a body nobody read that we read ourselves, to keep the connection. Default 262,144. */
  readonly drainSize?: number
  /** When it aborts, the exchange in progress is the last one, and an idle connection is closed. */
  readonly closing?: AbortSignal
  /** Gets what ends the connection, at once: a handler's error, or an `HttpError` that the client has been answered. */
  readonly onError?: (error: unknown, connection: Connection) => void
}

/** How to listen, and how each connection is served. */
export interface ServeOptions
  extends Omit<ServeConnectionOptions, 'onError' | 'closing'>,
    Omit<ListenOptions, 'onError'> {
  /**
   * Gets what ends a connection, at once: a handler's error, or an `HttpError` that the client has been answered. Default:
   * a handler's errors are printed to stderr, and of what clients do nothing.
   */
  readonly onError?: (error: unknown, connection: Connection) => void
  /** Key and certificate: speak HTTPS. */
  readonly tls?: TlsOptions
}

export interface ServerSettings extends Required<ServerTimeouts> {
  readonly transferCodings: readonly TransferCoding[]
  /** The one we claim, see `ownVersion`. */
  readonly version: HttpVersion
  readonly limits: Limits
  readonly drainSize: number
  readonly closing: Closing
}

/** The options with their defaults filled in; a `RangeError` for one that makes no sense. */
export function serverSettings(options: ServeConnectionOptions): ServerSettings {
  const { headTimeout = 30_000, requestTimeout = 300_000, bodyIdleTimeout = 30_000 } = options
  const { keepAliveTimeout = 75_000, lingerTimeout = 2_000, drainSize = 256 * 1024 } = options
  return {
    transferCodings: options.transferCodings ?? [],
    version: ownVersion(options),
    limits: limitsOf(options.limits),
    headTimeout: milliseconds('headTimeout', headTimeout),
    requestTimeout: milliseconds('requestTimeout', requestTimeout),
    bodyIdleTimeout: milliseconds('bodyIdleTimeout', bodyIdleTimeout),
    keepAliveTimeout: milliseconds('keepAliveTimeout', keepAliveTimeout),
    lingerTimeout: milliseconds('lingerTimeout', lingerTimeout),
    drainSize: count('drainSize', drainSize),
    closing: new Closing(options.closing),
  }
}
