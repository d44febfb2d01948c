import type { WithHeartbeat } from '../contract.ts'
import { withHeartbeat as right } from '../solution.ts'

export const withHeartbeat: WithHeartbeat = (events, ms, clock) =>
  right(events, ms, { now: () => clock.now(), sleep: (time) => clock.sleep(time) })
