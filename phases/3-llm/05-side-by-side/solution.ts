import type { Delta, Provider, Race } from './contract.ts'

type Answer = AsyncIterator<Delta>
/** What came of one `next()`: no delta when that was the end. */
interface Step {
  readonly provider: Provider
  readonly answer: Answer
  readonly delta: Delta | undefined
  readonly ms: number
}

export const race: Race = async function* (prompt, providers, { now = () => performance.now() } = {}) {
  const begun = now()
  const over = new AbortController()
  const failures: unknown[] = []
  const waiting = new Map<Answer, Promise<Step>>() // one `next()` for each who still talks, who waits longest in front

  function wait(provider: Provider, answer: Answer): void {
    const step = (delta?: Delta): Step => ({ provider, answer, delta, ms: now() - begun }) // when it came, not when it is looked at
    const next = answer.next().then(
      ({ done, value }) => step(done === true ? undefined : value),
      (error) => {
        failures.push(error)
        return step()
      },
    )
    waiting.delete(answer) // to the end of the row: who always has something ready must not hide the others
    waiting.set(answer, next)
  }

  for (const provider of providers) wait(provider, provider.ask(prompt, over.signal)[Symbol.asyncIterator]())
  try {
    while (waiting.size > 0) {
      const { provider, answer, delta, ms } = await Promise.race(waiting.values())
      if (delta === undefined) {
        waiting.delete(answer)
        continue
      }
      wait(provider, answer)
      yield { provider: provider.name, delta, ms }
    }
  } finally {
    over.abort() // the reader has left, perhaps, and somebody still talks
  }
  if (failures.length > 0) throw failures[0]
}
