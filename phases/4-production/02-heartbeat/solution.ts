import type { SseEvent, WithHeartbeat } from './contract.ts'

export const withHeartbeat: WithHeartbeat = async function* (events, ms, clock) {
  const source = events[Symbol.asyncIterator]()
  let next: Promise<IteratorResult<SseEvent>> | undefined
  try {
    for (;;) {
      next ??= source.next() // the question stays open while heartbeats leave: a second one would take the event after it
      const awake = new AbortController()
      const silence = clock.sleep(ms, awake.signal).catch(() => {}) // woken: there is news from the source
      const first = await Promise.race([next, silence]).finally(() => awake.abort())
      if (!first) {
        yield { comment: '' }
        continue
      }
      if (first.done) return
      next = undefined
      yield first.value
    }
  } finally {
    source.return?.().catch(() => {}) // nobody waits for it: it may be in the middle of a long silence
  }
}
