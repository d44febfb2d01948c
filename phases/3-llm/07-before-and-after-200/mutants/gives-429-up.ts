import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

/** 4xx is our fault, 5xx is theirs. */
export const explain: Explain = (failure) => {
  const { say, ...advice } = right(failure)
  return failure.kind === 'status' && failure.status < 500 ? { retry: false, say } : { ...advice, say }
}
