import type { Delta, Race } from '../contract.ts'

export const race: Race = async function* (prompt, providers, { now = () => performance.now() } = {}) {
  const begun = now()
  const over = new AbortController()
  type Answer = AsyncIterator<Delta>
  const failures: unknown[] = []
  const step = (provider: string, answer: Answer) =>
    answer.next().then(
      (result) => ({ provider, answer, ms: now() - begun, result }),
      (error) => {
        failures.push(error)
        return { provider, answer, ms: now() - begun, result: undefined }
      },
    )
  const waiting = new Map<Answer, ReturnType<typeof step>>()
  for (const provider of providers) {
    const answer = provider.ask(prompt, over.signal)[Symbol.asyncIterator]()
    waiting.set(answer, step(provider.name, answer))
  }
  try {
    while (waiting.size > 0) {
      const { provider, answer, ms, result } = await Promise.race(waiting.values())
      if (result === undefined || result.done === true) {
        waiting.delete(answer)
        continue
      }
      waiting.set(answer, step(provider, answer)) // a Map keeps its place for a key that it has
      yield { provider, delta: result.value, ms }
    }
  } finally {
    over.abort()
  }
  if (failures.length > 0) throw failures[0]
}
