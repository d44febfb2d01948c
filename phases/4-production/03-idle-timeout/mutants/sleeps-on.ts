import type { WithIdleTimeout } from '../contract.ts'
import { withIdleTimeout as right } from '../solution.ts'

export const withIdleTimeout: WithIdleTimeout = (source, ms, clock) =>
  right(source, ms, { now: () => clock.now(), sleep: (time) => clock.sleep(time) })
