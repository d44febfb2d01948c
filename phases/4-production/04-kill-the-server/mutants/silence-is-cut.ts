import type { HowItEnded } from '../contract.ts'
import { howItEnded as right } from '../solution.ts'

export const howItEnded: HowItEnded = (trace) => {
  const ending = right(trace)
  return ending === 'idle' ? 'truncated' : ending
}
