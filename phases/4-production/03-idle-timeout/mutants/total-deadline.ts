import type { WithIdleTimeout } from '../contract.ts'

export const withIdleTimeout: WithIdleTimeout = async function* (source, ms, clock) {
  const items = source[Symbol.asyncIterator]()
  const awake = new AbortController()
  const silence = clock.sleep(ms, awake.signal).catch(() => {})
  try {
    for (;;) {
      const first = await Promise.race([items.next(), silence])
      if (!first) throw Object.assign(new Error(`nothing came for ${ms} ms`), { code: 'IDLE' })
      if (first.done) return
      yield first.value
    }
  } finally {
    awake.abort()
    items.return?.().catch(() => {})
  }
}
