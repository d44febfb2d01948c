import type { WithIdleTimeout } from '../contract.ts'
import { withIdleTimeout as right } from '../solution.ts'

export const withIdleTimeout: WithIdleTimeout = async function* (source, ms, clock) {
  try {
    yield* right(source, ms, clock)
  } catch (error) {
    if ((error as { code?: string }).code !== 'IDLE') throw error
  }
}
