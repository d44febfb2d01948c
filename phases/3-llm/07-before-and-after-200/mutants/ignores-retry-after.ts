import type { Explain } from '../contract.ts'
import { explain as right } from '../solution.ts'

export const explain: Explain = (failure) => {
  const { retry, say } = right(failure)
  return { retry, say }
}
