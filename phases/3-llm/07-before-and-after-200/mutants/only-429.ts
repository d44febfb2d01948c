import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  const { say, ...advice } = right(failure)
  const other = failure.kind === 'status' && (failure.status === 408 || failure.status === 409)
  return other ? { retry: false, say } : { ...advice, say }
}
