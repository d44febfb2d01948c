import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  const advice = right(failure)
  return failure.kind === 'event' ? { ...advice, retry: failure.delivered === '' } : advice
}
