import type { Race } from '../contract.ts'
import { race as right } from '../solution.ts'

export const race: Race = async function* (prompt, providers, options) {
  let last = 0
  for await (const lap of right(prompt, providers, options)) {
    yield { ...lap, ms: lap.ms - last }
    last = lap.ms
  }
}
