import type { Race } from '../contract.ts'

export const race: Race = async function* (prompt, providers, { now = () => performance.now() } = {}) {
  const begun = now()
  const over = new AbortController()
  const answers = providers.map((provider) => ({
    provider: provider.name,
    answer: provider.ask(prompt, over.signal)[Symbol.asyncIterator](),
  }))
  while (answers.length > 0) {
    const results = await Promise.all(answers.map(({ answer }) => answer.next()))
    for (const [at, { done, value }] of results.entries()) {
      if (done !== true) yield { provider: `${answers[at]?.provider}`, delta: value, ms: now() - begun }
    }
    if (results.every(({ done }) => done === true)) return
  }
}
