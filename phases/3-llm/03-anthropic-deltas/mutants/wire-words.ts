import type { Delta, FromAnthropic } from '../contract.ts'
import { fromAnthropic as right } from '../solution.ts'

const WORDS: Readonly<Record<string, string>> = { stop: 'end_turn', length: 'max_tokens', 'tool-calls': 'tool_use' }

export const fromAnthropic: FromAnthropic = async function* (events) {
  for await (const delta of right(events)) {
    yield delta.kind === 'stop' ? ({ kind: 'stop', reason: WORDS[delta.reason] ?? delta.reason } as Delta) : delta
  }
}
