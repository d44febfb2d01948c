import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  if (failure.kind === 'status') JSON.parse(failure.body)
  return right(failure)
}
