import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

/** The status of an error event is that of its answer: 200, which is no reason to ask again. */
export const explain: Explain = (failure) => {
  const advice = right(failure)
  return failure.kind === 'event' ? { ...advice, retry: false } : advice
}
