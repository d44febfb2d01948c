import type { WithHeartbeat } from '../contract.ts'
import { withHeartbeat as right } from '../solution.ts'

export const withHeartbeat: WithHeartbeat = (events, ms, clock) => {
  const source = events[Symbol.asyncIterator]()
  return right({ [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }, ms, clock)
}
