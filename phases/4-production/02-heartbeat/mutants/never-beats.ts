import type { WithHeartbeat } from '../contract.ts'

/** Looks at the clock when the event is there. */
export const withHeartbeat: WithHeartbeat = async function* (events, ms, clock) {
  let last = clock.now()
  for await (const event of events) {
    if (clock.now() - last >= ms) yield { comment: '' }
    last = clock.now()
    yield event
  }
}
