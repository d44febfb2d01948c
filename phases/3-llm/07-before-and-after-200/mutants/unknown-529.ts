import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

const PASSING = [408, 409, 429, 500, 502, 503, 504]

export const explain: Explain = (failure) => {
  const { say, ...advice } = right(failure)
  return failure.kind === 'status' && !PASSING.includes(failure.status) ? { retry: false, say } : { ...advice, say }
}
