import type { LlmEvent } from '../events.ts'
import { textOf } from '../json.ts'

/** What a model says is in one of these. */
export type SpokenKind = 'text' | 'reasoning' | 'refusal'

/** The event for a piece of the one answer there is, or none for an empty one, or for something that is no text. */
export function spoken(kind: SpokenKind, value: unknown): LlmEvent[] {
  const text = textOf(value)
  return text === '' ? [] : [{ kind, choice: 0, text }]
}
