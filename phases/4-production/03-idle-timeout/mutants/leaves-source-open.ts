import type { WithIdleTimeout } from '../contract.ts'
import { withIdleTimeout as right } from '../solution.ts'

export const withIdleTimeout: WithIdleTimeout = (source, ms, clock) => {
  const items = source[Symbol.asyncIterator]()
  return right({ [Symbol.asyncIterator]: () => ({ next: () => items.next() }) }, ms, clock)
}
