import type { HowItEnded } from '../contract.ts'
import { howItEnded as right } from '../solution.ts'

export const howItEnded: HowItEnded = (trace) => {
  const isClean = trace.said.some((one) => one.event === 'close' && !one.hadError)
  return isClean ? 'complete' : right(trace)
}
