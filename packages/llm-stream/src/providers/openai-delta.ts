import type { LlmEvent } from '../events.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import type { WireCall } from './tool-call-slots.ts'

/** A text, or (Mistral) a list of parts that are text or thinking. */
export function mapContent(content: unknown, choice: number, events: LlmEvent[]): void {
  if (typeof content === 'string') {
    if (content !== '') events.push({ kind: 'text', choice, text: content })
    return
  }
  for (const item of listOf(content)) {
    const part = objectOf(item)
    const text = textOf(part['text'])
    if (text !== '') events.push({ kind: 'text', choice, text })
    for (const thought of listOf(part['thinking'])) {
      const thinking = textOf(objectOf(thought)['text'])
      if (thinking !== '') events.push({ kind: 'reasoning', choice, text: thinking })
    }
  }
}

/** The tool calls of a delta, whatever its server calls them. */
export function callsOf(delta: JsonObject): WireCall[] {
  const legacy = delta['function_call'] // what tool_calls was before there could be several
  const calls = legacy === undefined || legacy === null ? [] : [{ index: 0, function: legacy }]
  return [...listOf(delta['tool_calls']), ...calls].map(callOf)
}

function callOf(value: unknown): WireCall {
  const call = objectOf(value)
  const { name, arguments: args } = objectOf(call['function'])
  return {
    index: typeof call['index'] === 'number' ? call['index'] : undefined,
    id: typeof call['id'] === 'number' ? `${call['id']}` : textOf(call['id']),
    name: textOf(name),
    arguments: typeof args === 'object' && args !== null ? JSON.stringify(args) : textOf(args),
  }
}
