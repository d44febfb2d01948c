import type { Race } from '../contract.ts'

export const race: Race = async function* (prompt, providers, { now = () => performance.now() } = {}) {
  const begun = now()
  const over = new AbortController()
  const answers = providers.map((provider) => ({
    provider: provider.name,
    answer: provider.ask(prompt, over.signal)[Symbol.asyncIterator](),
  }))
  let open = answers
  while (open.length > 0) {
    const steps = open.map(async (lane) => ({ lane, result: await lane.answer.next() }))
    const { lane, result } = await Promise.race(steps) // the steps of the others are forgotten here
    if (result.done === true) open = open.filter((other) => other !== lane)
    else yield { provider: lane.provider, delta: result.value, ms: now() - begun }
  }
}
