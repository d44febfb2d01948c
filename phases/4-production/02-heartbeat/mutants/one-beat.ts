import type { SseEvent, WithHeartbeat } from '../contract.ts'

export const withHeartbeat: WithHeartbeat = async function* (events, ms, clock) {
  const source = events[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next: Promise<IteratorResult<SseEvent>> = source.next()
      const awake = new AbortController()
      const silence = clock.sleep(ms, awake.signal).catch(() => {})
      const first = await Promise.race([next, silence]).finally(() => awake.abort())
      if (!first) yield { comment: '' }
      const event = first ?? (await next)
      if (event.done) return
      yield event.value
    }
  } finally {
    void source.return?.()
  }
}
