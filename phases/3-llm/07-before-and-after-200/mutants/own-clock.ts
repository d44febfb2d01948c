import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  const advice = right(failure)
  const until = failure.kind === 'status' ? Date.parse(failure.headers['retry-after'] ?? '') : Number.NaN
  const isDate = advice.retry && failure.kind === 'status' && /GMT/.test(failure.headers['retry-after'] ?? '')
  return isDate ? { ...advice, afterMs: Math.max(0, until - Date.now()) } : advice
}
