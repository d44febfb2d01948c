import type { Race } from '../contract.ts'
import { race as right } from '../solution.ts'

export const race: Race = async function* (prompt, providers, options) {
  try {
    yield* right(prompt, providers, options)
  } catch {}
}
