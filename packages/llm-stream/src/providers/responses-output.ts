import type { LlmEvent, StopReason } from '../events.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import { isCall, type ResponseCalls } from './responses-calls.ts'
import { spoken } from './spoken.ts'
import { describe, type WireError } from './wire-error.ts'

/** All that is said in a response of which nothing was said before. */
export function outputOf(response: JsonObject, calls: ResponseCalls): LlmEvent[] {
  return listOf(response['output']).flatMap((value) => wholeItem(objectOf(value), calls))
}

/** All that is said in an item of which nothing was said before. */
export function wholeItem(item: JsonObject, calls: ResponseCalls): LlmEvent[] {
  if (isCall(item)) return [...calls.open(item, undefined), ...calls.close(item, undefined)]
  return [
    ...listOf(item['summary']).flatMap((part) => spoken('reasoning', objectOf(part)['text'])),
    ...listOf(item['content']).flatMap((part) => wholePart(objectOf(part))),
  ]
}

function wholePart(part: JsonObject): LlmEvent[] {
  switch (part['type']) {
    case 'output_text':
      return [...spoken('text', part['text']), ...listOf(part['annotations']).map(citationOf)]
    case 'reasoning_text':
      return spoken('reasoning', part['text'])
    case 'refusal':
      return spoken('refusal', part['refusal'])
    default:
      return []
  }
}

export function citationOf(citation: unknown): LlmEvent {
  return { kind: 'citation', choice: 0, citation }
}

const incompleteReasons: ReadonlyMap<string, StopReason> = new Map(
  Object.entries<StopReason>({
    max_output_tokens: 'length',
    content_filter: 'content-filter',
  }),
)

/** Why it ended. A response that is completed says no more than that: what is in it tells the rest. */
export function stopOf(
  response: JsonObject,
  status: string,
  { refused, calls }: { refused: boolean; calls: ResponseCalls },
): LlmEvent {
  if (status !== 'incomplete') {
    const reason = refused ? 'refusal' : calls.size > 0 ? 'tool-calls' : 'stop'
    return { kind: 'stop', choice: 0, reason, raw: status }
  }
  const raw = textOf(objectOf(response['incomplete_details'])['reason'])
  return { kind: 'stop', choice: 0, reason: incompleteReasons.get(raw), raw: raw || status }
}

/** Reasoning can be handed back when it is sealed (`include: ['reasoning.encrypted_content']`): then it needs no memory of theirs. */
export function turnOf(name: string, response: JsonObject): LlmEvent[] {
  const content = listOf(response['output'])
  const reasoning = content.map(objectOf).filter((item) => item['type'] === 'reasoning')
  const sealed = reasoning.length > 0 && reasoning.every((item) => textOf(item['encrypted_content']) !== '')
  return sealed ? [{ kind: 'turn', choice: 0, turn: { provider: name, content } }] : []
}

export function failureOf(response: JsonObject, status: string): WireError {
  const error = objectOf(response['error'])
  return describe({ ...error, message: textOf(error['message']) || `the response is ${status}` })
}
