import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  const advice = right(failure)
  if (failure.kind !== 'status' || !advice.retry || failure.headers['retry-after'] === undefined) return advice
  return { ...advice, afterMs: Number(failure.headers['retry-after']) }
}
