import type { Race } from '../contract.ts'

export const race: Race = async function* (prompt, providers, { now = () => performance.now() } = {}) {
  const begun = now()
  const over = new AbortController()
  for (const provider of providers) {
    for await (const delta of provider.ask(prompt, over.signal)) {
      yield { provider: provider.name, delta, ms: now() - begun }
    }
  }
}
