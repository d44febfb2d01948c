import type { Provider, Race } from '../contract.ts'
import { race as right } from '../solution.ts'

export const race: Race = async function* (prompt, providers, options) {
  let ended = (): void => {}
  const firstEnd = new Promise<void>((resolve) => {
    ended = resolve
  })
  const laps = right(
    prompt,
    providers.map((provider) => telling(provider, ended)),
    options,
  )[Symbol.asyncIterator]()
  for (;;) {
    const step = await Promise.race([laps.next(), firstEnd])
    if (step === undefined || step.done === true) return
    yield step.value
  }
}

function telling(provider: Provider, ended: () => void): Provider {
  return {
    name: provider.name,
    async *ask(prompt, signal) {
      yield* provider.ask(prompt, signal)
      ended()
    },
  }
}
