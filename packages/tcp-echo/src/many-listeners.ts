import { defaultMaxListeners, getMaxListeners, setMaxListeners } from 'node:events'

/**
 * One signal may stop any number of connections: a server has one for its shutdown. Node takes the eleventh listener for a
 * leak and warns; ours are all taken away again. A limit that the caller has set stays.
 */
export function expectManyListeners(signal: AbortSignal | undefined): void {
  if (signal && limitOf(signal) === defaultMaxListeners) setMaxListeners(Number.POSITIVE_INFINITY, signal)
}

/** Node 20 throws where the limit is 0, which is none. */
function limitOf(signal: AbortSignal): number {
  try {
    return getMaxListeners(signal)
  } catch {
    return 0
  }
}
