import type { Delta, Race } from '../contract.ts'

export const race: Race = async function* (prompt, providers, { now = () => performance.now() } = {}) {
  const begun = now()
  const over = new AbortController()
  type Answer = AsyncIterator<Delta>
  const step = async (provider: string, answer: Answer) => ({ provider, answer, result: await answer.next() })
  const waiting = new Map<Answer, ReturnType<typeof step>>()
  for (const provider of providers) {
    const answer = provider.ask(prompt, over.signal)[Symbol.asyncIterator]()
    waiting.set(answer, step(provider.name, answer))
  }
  try {
    while (waiting.size > 0) {
      const { provider, answer, result } = await Promise.race(waiting.values()) // throws for whoever fails
      waiting.delete(answer)
      if (result.done === true) continue
      waiting.set(answer, step(provider, answer))
      yield { provider, delta: result.value, ms: now() - begun }
    }
  } finally {
    over.abort()
    for (const next of waiting.values()) next.catch(() => {})
  }
}
