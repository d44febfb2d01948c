import { LlmError } from '../errors.ts'
import type { LlmEvent } from '../events.ts'
import { createGrowingText, type GrowingText } from '../growing-text.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import type { LlmMapper } from '../provider.ts'
import { assertRoomForChoice } from './choice-limit.ts'
import { callsOf, mapContent, reasoningOf } from './openai-delta.ts'
import { reasonOf } from './openai-stop.ts'
import { openaiUsage } from './openai-usage.ts'
import { createJsonReader, type Place } from './repeated-json.ts'
import { createToolCallSlots, type ToolCallSlots } from './tool-call-slots.ts'
import { describe, findError, streamError } from './wire-error.ts'

const delta: Place = ['choices', 0, 'delta']

/** What comes in many small pieces. */
const pieces: readonly Place[] = [
  [...delta, 'content'],
  [...delta, 'reasoning_content'],
  [...delta, 'reasoning'],
  [...delta, 'tool_calls', 0, 'function', 'arguments'],
]

/** Some servers count their tokens in every chunk. */
const counts: readonly Place[] = [
  ['usage', 'completion_tokens'],
  ['usage', 'total_tokens'],
]

interface ChoiceState {
  readonly calls: ToolCallSlots
  readonly reasoning: GrowingText // what came as reasoning_content, to be handed back
  refused: boolean
  stopped: boolean
}

/**
 * `data: {chunk}` after `data: {chunk}`, then `data: [DONE]`.
 *
 * The end mark is `[DONE]`. More forgiving than that: some compatible servers never send it, so a stream that ends after
 * every choice has had its finish_reason is done as well. One that ends before is not.
 */
export function createOpenaiMapper(name: string): LlmMapper {
  const readJson = createJsonReader(pieces, counts)
  const choices = new Map<number, ChoiceState>()
  let started = false
  let done = false
  let chunks = 0

  function map({ type, data }: { readonly type: string; readonly data: string }): readonly LlmEvent[] {
    const text = data.trim()
    if (done || text === '') return []
    if (text === '[DONE]') {
      done = true
      return []
    }
    const chunk = readJson(text)
    if (type === 'error') throw streamError(name, findError(chunk) ?? describe({ message: text, ...objectOf(chunk) }))
    if (chunk === undefined) throw new LlmError('LLM_PROTOCOL', `${name} sent an event that is not JSON`)
    const error = findError(chunk) ?? findError(objectOf(objectOf(chunk)['x_groq'])) // before `choices`: some send both
    if (error) throw streamError(name, error)
    chunks++
    return eventsOf(objectOf(chunk))
  }

  function eventsOf(chunk: JsonObject): LlmEvent[] {
    const events: LlmEvent[] = []
    for (const choice of listOf(chunk['choices'])) mapChoice(objectOf(choice), events)
    const usage = openaiUsage(chunk)
    if (usage) events.push({ kind: 'usage', usage })
    const id = textOf(chunk['id'])
    const model = textOf(chunk['model'])
    if (!started && (id !== '' || model !== '' || events.length > 0)) {
      started = true
      events.unshift({ kind: 'start', id, model })
    }
    return events
  }

  function stateOf(choice: number): ChoiceState {
    const known = choices.get(choice)
    if (known) return known
    assertRoomForChoice(choices.size)
    const state = {
      calls: createToolCallSlots(choice),
      reasoning: createGrowingText(),
      refused: false,
      stopped: false,
    }
    choices.set(choice, state)
    return state
  }

  function mapChoice(wire: JsonObject, events: LlmEvent[]): void {
    const choice = typeof wire['index'] === 'number' ? wire['index'] : 0
    const state = stateOf(choice)
    const delta = objectOf(wire['delta'] ?? wire['message']) // a whole answer, when the server does not stream, has a message
    const reasoning = reasoningOf(delta)
    if (reasoning !== '') events.push({ kind: 'reasoning', choice, text: reasoning })
    state.reasoning.add(textOf(delta['reasoning_content']))
    mapContent(delta['content'], choice, events)
    mapContent(objectOf(delta['audio'])['transcript'], choice, events) // what is heard, to be read
    const refusal = textOf(delta['refusal'])
    if (refusal !== '') events.push({ kind: 'refusal', choice, text: refusal })
    state.refused ||= refusal !== ''
    for (const citation of listOf(delta['annotations'])) events.push({ kind: 'citation', choice, citation })
    for (const call of callsOf(delta)) events.push(state.calls.take(call, chunks))

    const raw = textOf(wire['finish_reason'])
    if (raw === '' || state.stopped) return
    state.stopped = true
    const reason = reasonOf(name, raw, state)
    // DeepSeek and Moonshot refuse the answers to calls without the thoughts that led to them.
    const thoughts = reason === 'tool-calls' ? state.reasoning.text : ''
    const turn = { provider: name, content: { reasoning_content: thoughts } }
    if (thoughts !== '') events.push({ kind: 'turn', choice, turn })
    events.push({ kind: 'stop', choice, reason, raw })
  }

  function isSettled(): boolean {
    return choices.size > 0 && [...choices.values()].every(({ stopped }) => stopped)
  }

  return {
    map,
    get done() {
      return done
    },
    get settled() {
      return isSettled()
    },
    end() {
      done ||= isSettled()
      return []
    },
  }
}
