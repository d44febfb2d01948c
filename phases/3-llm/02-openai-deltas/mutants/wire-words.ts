import type { Delta, FromOpenAI } from '../contract.ts'
import { fromOpenAI as right } from '../solution.ts'

const WORDS: Readonly<Record<string, string>> = { 'tool-calls': 'tool_calls', 'content-filter': 'content_filter' }

export const fromOpenAI: FromOpenAI = async function* (events) {
  for await (const delta of right(events)) {
    yield delta.kind === 'stop' ? ({ kind: 'stop', reason: WORDS[delta.reason] ?? delta.reason } as Delta) : delta
  }
}
