import type { LlmEvent } from '../events.ts'
import { type JsonObject, objectOf, textOf } from '../json.ts'
import type { LlmMapper } from '../provider.ts'
import { createJsonReader } from './repeated-json.ts'
import { createResponseCalls, isCall } from './responses-calls.ts'
import { citationOf, failureOf, outputOf, stopOf, turnOf, wholeItem } from './responses-output.ts'
import { createParts } from './responses-parts.ts'
import { responsesUsage } from './responses-usage.ts'
import { readTyped } from './typed-event.ts'
import { streamError } from './wire-error.ts'

/** What a response's status is when nothing follows any more. */
const ENDS: ReadonlySet<string> = new Set(['completed', 'incomplete', 'failed', 'cancelled'])

/**
 * Items that begin, are filled and end, up to `response.completed`, `response.incomplete`, `response.failed` or `error`.
 *
 * Left out on purpose: parts and items that only begin or end, audio, images, and the progress of what the service runs
 * itself (`web_search_call`, `file_search_call`, `code_interpreter_call`, `mcp_*`, `shell_*`, `compaction`, `steer`).
 */
export function createResponsesMapper(name: string): LlmMapper {
  const readJson = createJsonReader([['delta']], [['sequence_number']])
  const calls = createResponseCalls()
  const parts = createParts()
  let started = false
  let spoke = false
  let refused = false
  let done = false

  function mapBody(type: string, body: JsonObject): LlmEvent[] {
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return startOf(objectOf(body['response']))
      case 'response.output_text.delta':
      case 'response.audio.transcript.delta':
        return parts.piece('text', body)
      case 'response.output_text.done':
        return parts.whole('text', body, body['text'])
      case 'response.reasoning_text.delta':
      case 'response.reasoning_summary_text.delta':
        return parts.piece('reasoning', body)
      case 'response.reasoning_text.done':
      case 'response.reasoning_summary_text.done':
        return parts.whole('reasoning', body, body['text'])
      case 'response.refusal.delta':
        return parts.piece('refusal', body)
      case 'response.refusal.done':
        return parts.whole('refusal', body, body['refusal'])
      case 'response.output_text.annotation.added':
        return [citationOf(body['annotation'])]
      case 'response.output_item.added':
        return isCall(objectOf(body['item'])) ? calls.open(objectOf(body['item']), body['output_index']) : []
      case 'response.output_item.done':
        return closeItem(objectOf(body['item']), body['output_index'])
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return calls.fill(body)
      case 'response.function_call_arguments.done':
        return calls.whole(body, textOf(body['arguments']))
      case 'response.custom_tool_call_input.done':
        return calls.whole(body, textOf(body['input']))
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        return endOf(objectOf(body['response']), type.slice('response.'.length))
      default: // among them a server that does not stream: everything at once, and no type
        return body['object'] === 'response' ? endOf(body, '') : []
    }
  }

  function closeItem(item: JsonObject, outputIndex: unknown): LlmEvent[] {
    if (isCall(item)) return calls.close(item, outputIndex)
    return parts.close(outputIndex) ? wholeItem(item, calls) : []
  }

  function startOf(response: JsonObject): LlmEvent[] {
    if (started) return []
    started = true
    return [{ kind: 'start', id: textOf(response['id']), model: textOf(response['model']) }]
  }

  function endOf(response: JsonObject, type: string): LlmEvent[] {
    const said = textOf(response['status'])
    const status = ENDS.has(said) ? said : type
    if (status === '') return [] // it is still at work
    if (status === 'failed' || status === 'cancelled') throw streamError(name, failureOf(response, status))
    const events = [...startOf(response), ...(spoke ? [] : outputOf(response, calls))]
    for (const event of events) heard(event)
    const usage = responsesUsage(response['usage'])
    if (usage) events.push({ kind: 'usage', usage })
    done = true
    return [...events, ...turnOf(name, response), stopOf(response, status, { refused, calls })]
  }

  /** Remembers what decides about the end. */
  function heard({ kind }: LlmEvent): void {
    spoke ||= kind !== 'start'
    refused ||= kind === 'refusal'
  }

  return {
    map(event) {
      const typed = done ? undefined : readTyped(name, event, readJson)
      if (!typed) return []
      const events = mapBody(typed.type, typed.body)
      for (const one of events) heard(one)
      return events
    },
    get done() {
      return done
    },
    end: () => [],
  }
}
