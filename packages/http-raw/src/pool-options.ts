import { count, milliseconds } from '@sse-from-scratch/tcp-echo/limits'

/** How many connections a pool may have, and for how long it keeps them. */
export interface PoolOptions {
  /** Connections in use at a time to one destination; the next request waits for one. Default 256. */
  readonly maxConnections?: number
  /** Requests that wait for one destination; one more is refused with `HTTP_POOL_FULL`. Default 1,024. */
  readonly maxWaiting?: number
  /** How long a request waits for its turn, in milliseconds; then `HTTP_TIMEOUT`. 0 is for ever. Default 30,000. */
  readonly queueTimeout?: number
  /** Unused connections that are kept, over all destinations; of more, the one unused for longest is closed. Default 64. */
  readonly maxIdle?: number
  /** How long an unused one is kept, in milliseconds, if the server does not say less. 0 is for ever. Default 30,000. */
  readonly keepAliveTimeout?: number
}

/** The options with their defaults filled in; a `RangeError` for one that makes no sense. */
export function poolSettings(options: PoolOptions): Required<PoolOptions> {
  const { maxConnections = 256, maxWaiting = 1024, maxIdle = 64 } = options
  const { queueTimeout = 30_000, keepAliveTimeout = 30_000 } = options
  return {
    maxConnections: count('maxConnections', maxConnections, 1),
    maxWaiting: count('maxWaiting', maxWaiting),
    maxIdle: count('maxIdle', maxIdle),
    queueTimeout: milliseconds('queueTimeout', queueTimeout),
    keepAliveTimeout: milliseconds('keepAliveTimeout', keepAliveTimeout),
  }
}
