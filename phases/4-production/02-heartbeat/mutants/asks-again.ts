import type { WithHeartbeat } from '../contract.ts'

export const withHeartbeat: WithHeartbeat = async function* (events, ms, clock) {
  const source = events[Symbol.asyncIterator]()
  try {
    for (;;) {
      const awake = new AbortController()
      const silence = clock.sleep(ms, awake.signal).catch(() => {})
      const first = await Promise.race([source.next(), silence]).finally(() => awake.abort())
      if (first?.done) return
      yield first === undefined ? { comment: '' } : first.value
    }
  } finally {
    void source.return?.()
  }
}
