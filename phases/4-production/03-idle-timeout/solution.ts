import type { WithIdleTimeout } from './contract.ts'

class Idle extends Error {
  readonly code = 'IDLE'
}

export const withIdleTimeout: WithIdleTimeout = async function* (source, ms, clock) {
  const items = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const awake = new AbortController()
      const silence = clock.sleep(ms, awake.signal).catch(() => {}) // woken: there is an answer
      const first = await Promise.race([items.next(), silence]).finally(() => awake.abort())
      if (!first) throw new Idle(`nothing came for ${ms} ms`)
      if (first.done) return
      yield first.value // no sleep runs here: this is the reader's time
    }
  } finally {
    items.return?.().catch(() => {}) // not awaited: a silent source does not answer this, either
  }
}
