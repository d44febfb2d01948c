import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  const advice = right(failure)
  if (failure.kind !== 'status' || !advice.retry || failure.headers['retry-after-ms'] !== undefined) return advice
  const { 'retry-after': value } = failure.headers
  return value === undefined ? advice : { ...advice, afterMs: Number(value) * 1000 }
}
