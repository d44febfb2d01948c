import { LlmError } from '../errors.ts'
import type { LlmEvent, StopReason, ToolCallDelta, Usage } from '../events.ts'
import { countOf, type JsonObject, listOf, objectOf, parseJson, textOf } from '../json.ts'
import type { LlmMapper } from '../provider.ts'
import { spoken } from './spoken.ts'
import { assertRoomForCall } from './tool-call-limit.ts'
import { findError, streamError } from './wire-error.ts'

const stopReasons: ReadonlyMap<string, StopReason> = new Map(
  Object.entries<StopReason>({ stop: 'stop', length: 'length' }),
)

/** A JSON object a line, the last one with `"done":true`. Calls come whole, their arguments as objects. */
export function createOllamaMapper(name: string): LlmMapper {
  let started = false
  let calls = 0
  let done = false

  function map({ data }: { readonly data: string }): readonly LlmEvent[] {
    const text = data.trim()
    if (done || text === '') return []
    const json = parseJson(text)
    if (json === undefined) throw new LlmError('LLM_PROTOCOL', `${name} sent a line that is not JSON`)
    const error = findError(json)
    if (error) throw streamError(name, error)
    return eventsOf(objectOf(json))
  }

  function eventsOf(line: JsonObject): LlmEvent[] {
    const message = objectOf(line['message'])
    const events: LlmEvent[] = [
      ...spoken('reasoning', message['thinking']),
      ...spoken('text', message['content']),
      ...listOf(message['tool_calls']).map(callOf),
    ]
    if (line['done'] === true) events.push(...endOf(line))
    if (started || events.length === 0) return events
    started = true
    return [{ kind: 'start', id: '', model: textOf(line['model']) }, ...events] // it has no ids
  }

  function callOf(value: unknown): ToolCallDelta {
    assertRoomForCall(calls)
    const call = objectOf(value)
    const { name: tool, arguments: args } = objectOf(call['function'])
    const id = textOf(call['id'])
    return {
      kind: 'tool-call',
      choice: 0,
      index: calls++,
      ...(id !== '' && { id }),
      name: textOf(tool),
      arguments: typeof args === 'string' ? args : JSON.stringify(objectOf(args)),
    }
  }

  function endOf(line: JsonObject): LlmEvent[] {
    done = true
    const usage = usageOf(line)
    const raw = textOf(line['done_reason'])
    const reason = raw === 'stop' && calls > 0 ? 'tool-calls' : stopReasons.get(raw)
    return [
      ...(usage ? [{ kind: 'usage', usage } as const] : []),
      ...(raw === '' ? [] : [{ kind: 'stop', choice: 0, reason, raw } as const]),
    ]
  }

  return {
    map,
    lines: true,
    get done() {
      return done
    },
    end: () => [],
  }
}

/** A prompt that was in its cache is not counted at all by some versions. */
function usageOf(line: JsonObject): Usage | undefined {
  const [input, output] = [countOf(line['prompt_eval_count']), countOf(line['eval_count'])]
  if (input === undefined && output === undefined) return undefined
  const [inputTokens, outputTokens] = [input ?? 0, output ?? 0]
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }
}
