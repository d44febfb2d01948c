import type { Race } from '../contract.ts'
import { race as right } from '../solution.ts'

export const race: Race = async function* (prompt, providers, options) {
  let first: number | undefined
  for await (const lap of right(prompt, providers, options)) {
    first ??= lap.ms
    yield { ...lap, ms: lap.ms - first }
  }
}
