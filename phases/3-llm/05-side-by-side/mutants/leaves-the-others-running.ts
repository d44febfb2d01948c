import type { Race } from '../contract.ts'
import { race as right } from '../solution.ts'

export const race: Race = (prompt, providers, options) => {
  const deaf = providers.map((provider) => ({
    name: provider.name,
    ask: (asked: string) => provider.ask(asked, new AbortController().signal),
  }))
  return right(prompt, deaf, options)
}
