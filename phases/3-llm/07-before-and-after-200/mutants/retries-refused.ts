import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

/** Whatever goes wrong, try again. */
export const explain: Explain = (failure) => {
  const advice = right(failure)
  return failure.kind === 'status' ? { ...advice, retry: true } : advice
}
