import type { LlmEvent } from '@sse-from-scratch/llm-stream'
import type { Finding } from './finding.ts'

/** A piece of an answer, and which part of it that adds to. */
export interface Text {
  readonly part: NonNullable<Finding['part']>
  readonly text: string
}

/** The first piece of this text, which is then no longer among the others. */
export function takeText(said: (Text | undefined)[], text: string): Text | undefined {
  for (let at = 0; at < said.length; at++) {
    const piece = said[at]
    if (piece?.text !== text) continue
    said[at] = undefined
    return piece
  }
  return undefined
}

/** What an event adds to the answer, if it does. */
export function textOf(event: LlmEvent): Text | undefined {
  switch (event.kind) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return { part: event.kind, text: event.text }
    case 'tool-call':
      return event.arguments === '' ? undefined : { part: 'arguments', text: event.arguments }
    default:
      return undefined
  }
}
