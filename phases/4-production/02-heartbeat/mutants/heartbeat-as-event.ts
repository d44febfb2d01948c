import type { WithHeartbeat } from '../contract.ts'
import { withHeartbeat as right } from '../solution.ts'

export const withHeartbeat: WithHeartbeat = async function* (events, ms, clock) {
  for await (const event of right(events, ms, clock))
    yield event.comment === undefined ? event : { event: 'heartbeat', data: '' }
}
