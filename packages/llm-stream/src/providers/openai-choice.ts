import type { LlmEvent } from '../events.ts'
import { createGrowingText } from '../growing-text.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import { callsOf, mapContent, reasoningOf } from './openai-delta.ts'
import { reasonOf } from './openai-stop.ts'
import { createToolCallSlots } from './tool-call-slots.ts'

/** One of the answers that a stream of chunks carries side by side (`n`). */
export interface OpenaiChoice {
  /** Whether it has had its finish_reason. */
  readonly stopped: boolean
  /**
   * Adds to `events` what one chunk says of it. `chunk` is the chunk's number.
   *
   * @throws LlmError `LLM_PROTOCOL` for one tool call more than `MAX_TOOL_CALLS`
   */
  map(wire: JsonObject, chunk: number, events: LlmEvent[]): void
}

export function createOpenaiChoice(name: string, choice: number): OpenaiChoice {
  const calls = createToolCallSlots(choice)
  const thoughts = createGrowingText() // what came as reasoning_content, to be handed back
  let refused = false
  let stopped = false

  function mapDelta(delta: JsonObject, chunk: number, events: LlmEvent[]): void {
    const reasoning = reasoningOf(delta)
    if (reasoning !== '') events.push({ kind: 'reasoning', choice, text: reasoning })
    thoughts.add(textOf(delta['reasoning_content']))
    mapContent(delta['content'], choice, events)
    mapContent(objectOf(delta['audio'])['transcript'], choice, events) // what is heard, to be read
    const refusal = textOf(delta['refusal'])
    if (refusal !== '') events.push({ kind: 'refusal', choice, text: refusal })
    refused ||= refusal !== ''
    for (const citation of listOf(delta['annotations'])) events.push({ kind: 'citation', choice, citation })
    for (const call of callsOf(delta)) events.push(calls.take(call, chunk))
  }

  function stop(raw: string, events: LlmEvent[]): void {
    stopped = true
    const reason = reasonOf(name, raw, { calls, refused })
    // DeepSeek and Moonshot refuse the answers to calls without the thoughts that led to them.
    const content = { reasoning_content: reason === 'tool-calls' ? thoughts.text : '' }
    if (content.reasoning_content !== '') events.push({ kind: 'turn', choice, turn: { provider: name, content } })
    events.push({ kind: 'stop', choice, reason, raw })
  }

  return {
    get stopped() {
      return stopped
    },
    map(wire, chunk, events) {
      mapDelta(objectOf(wire['delta'] ?? wire['message']), chunk, events) // a whole answer, not streamed, has a message
      const raw = textOf(wire['finish_reason'])
      if (raw !== '' && !stopped) stop(raw, events)
    },
  }
}
