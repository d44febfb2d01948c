import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

/** Nobody reads the body: 429 is 429. */
export const explain: Explain = (failure) => {
  const advice = right(failure)
  return failure.kind === 'status' && failure.status === 429 ? { ...advice, retry: true } : advice
}
