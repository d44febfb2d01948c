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
    const thinking = part['thinking']
    for (const thought of typeof thinking === 'string' ? [{ text: thinking }] : listOf(thinking)) {
      const piece = textOf(objectOf(thought)['text'])
      if (piece !== '') events.push({ kind: 'reasoning', choice, text: piece })
    }
  }
}

/** The tool calls of a delta, whatever its server calls them. */
export function callsOf(delta: JsonObject): WireCall[] {
  const { tool_calls: calls, function_call: legacy } = delta // which is what tool_calls was before there could be several
  if (calls === undefined && legacy === undefined) return []
  return [...listOf(calls), ...(legacy ? [{ index: 0, function: legacy }] : [])].map(callOf)
}

function callOf(value: unknown): WireCall {
  const call = objectOf(value)
  const custom = call['type'] === 'custom' || call['custom'] !== undefined
  const { name, arguments: args, input } = objectOf(custom ? call['custom'] : call['function'])
  const { thought_signature: signature } = objectOf(objectOf(call['extra_content'])['google'])
  return {
    index: typeof call['index'] === 'number' ? call['index'] : undefined,
    id: typeof call['id'] === 'number' ? `${call['id']}` : textOf(call['id']),
    name: textOf(name),
    arguments: custom ? textOf(input) : jsonTextOf(args),
    custom,
    signature: textOf(signature),
  }
}

/** Arguments are JSON text, or (some servers) the object itself. */
function jsonTextOf(args: unknown): string {
  return typeof args === 'object' && args !== null ? JSON.stringify(args) : textOf(args)
}

/** The thoughts of a delta: under one of two names, or (OpenRouter) only as a list of details. */
export function reasoningOf(delta: JsonObject): string {
  const reasoning = textOf(delta['reasoning_content']) || textOf(delta['reasoning'])
  if (reasoning !== '' || delta['reasoning_details'] === undefined) return reasoning
  return listOf(delta['reasoning_details'])
    .map((detail) => textOf(objectOf(detail)['text']) || textOf(objectOf(detail)['summary']))
    .join('')
}
