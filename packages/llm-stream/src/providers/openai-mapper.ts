import { LlmError } from '../errors.ts'
import type { LlmEvent } from '../events.ts'
import { indexOr, type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import type { LlmMapper } from '../provider.ts'
import { assertRoomForChoice } from './choice-limit.ts'
import { createOpenaiChoice, type OpenaiChoice } from './openai-choice.ts'
import { openaiUsage } from './openai-usage.ts'
import { createJsonReader, type Place } from './repeated-json.ts'
import { errorEvent, findError, streamError } from './wire-error.ts'

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

/**
 * `data: {chunk}` after `data: {chunk}`, then `data: [DONE]`.
 *
 * The end mark is `[DONE]`. More forgiving than that: some compatible servers never send it, so a stream that ends after
 * every choice has had its finish_reason is done as well. One that ends before is not. Stricter, too: `[DONE]` without
 * any choice before it ends nothing; gateways write it behind whatever they got, also behind nothing.
 */
export function createOpenaiMapper(name: string): LlmMapper {
  const readJson = createJsonReader(pieces, counts)
  const choices = new Map<number, OpenaiChoice>()
  let started = false
  let done = false
  let chunks = 0

  function map({ type, data }: { readonly type: string; readonly data: string }): readonly LlmEvent[] {
    const text = data.trim()
    if (done || text === '') return []
    if (text === '[DONE]') return end()
    const chunk = readJson(text)
    if (type === 'error') throw streamError(name, errorEvent(chunk, text))
    if (chunk === undefined) throw new LlmError('LLM_PROTOCOL', `${name} sent an event that is not JSON`)
    const error = findError(chunk) ?? findError(objectOf(objectOf(chunk)['x_groq'])) // before `choices`: some send both
    if (error) throw streamError(name, error)
    chunks++
    return eventsOf(objectOf(chunk))
  }

  function end(): readonly LlmEvent[] {
    done = true
    if (choices.size === 0) throw new LlmError('LLM_TRUNCATED', `${name} was done before there was an answer`)
    return []
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

  function choiceAt(index: number): OpenaiChoice {
    const known = choices.get(index)
    if (known) return known
    assertRoomForChoice(choices.size)
    const choice = createOpenaiChoice(name, index)
    choices.set(index, choice)
    return choice
  }

  function mapChoice(wire: JsonObject, events: LlmEvent[]): void {
    choiceAt(indexOr(0, wire['index'])).map(wire, chunks, events)
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
