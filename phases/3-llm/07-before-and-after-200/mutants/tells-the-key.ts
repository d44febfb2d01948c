import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  if (failure.kind !== 'status') return right(failure)
  const { key: _, ...rest } = failure
  return right(rest)
}
