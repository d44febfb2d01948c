import { asText } from '@sse-from-scratch/course'
import type { HowItEnded } from '../contract.ts'
import { howItEnded as right } from '../solution.ts'

export const howItEnded: HowItEnded = (trace) => {
  const ending = right(trace)
  return ending === 'complete' && /^content-length:/im.test(asText(trace.bytes)) ? 'truncated' : ending
}
