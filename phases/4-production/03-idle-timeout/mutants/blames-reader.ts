import type { WithIdleTimeout } from '../contract.ts'

/** Measures from one item to the next. */
export const withIdleTimeout: WithIdleTimeout = async function* (source, ms, clock) {
  const items = source[Symbol.asyncIterator]()
  let last = clock.now()
  try {
    for (;;) {
      const awake = new AbortController()
      const silence = clock.sleep(last + ms - clock.now(), awake.signal).catch(() => {})
      const first = await Promise.race([items.next(), silence]).finally(() => awake.abort())
      if (!first || clock.now() > last + ms)
        throw Object.assign(new Error(`nothing came for ${ms} ms`), { code: 'IDLE' })
      if (first.done) return
      last = clock.now()
      yield first.value
    }
  } finally {
    items.return?.().catch(() => {})
  }
}
