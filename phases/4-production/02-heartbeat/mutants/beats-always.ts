import type { SseEvent, WithHeartbeat } from '../contract.ts'

/** Beats at 1 × ms, 2 × ms and so on, whatever happens in between. */
export const withHeartbeat: WithHeartbeat = async function* (events, ms, clock) {
  const source = events[Symbol.asyncIterator]()
  let next: Promise<IteratorResult<SseEvent>> | undefined
  let due = clock.now() + ms
  try {
    for (;;) {
      next ??= source.next()
      const awake = new AbortController()
      const silence = clock.sleep(due - clock.now(), awake.signal).catch(() => {})
      const first = await Promise.race([next, silence]).finally(() => awake.abort())
      if (!first) {
        due += ms
        yield { comment: '' }
        continue
      }
      if (first.done) return
      next = undefined
      yield first.value
    }
  } finally {
    void source.return?.()
  }
}
