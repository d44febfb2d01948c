import { LlmError } from '../errors.ts'
import type { LlmEvent, StopReason } from '../events.ts'
import { indexOr, type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import type { LlmMapper } from '../provider.ts'
import { assertRoomForChoice } from './choice-limit.ts'
import { createGeminiCalls, type GeminiCalls } from './gemini-calls.ts'
import { citationsOf } from './gemini-citations.ts'
import { stopReasons } from './gemini-stop.ts'
import { geminiUsage } from './gemini-usage.ts'
import { createJsonReader, type Place } from './repeated-json.ts'
import { findError, streamError } from './wire-error.ts'

/** What comes in many small pieces, and what is counted anew with each of them. */
const pieces: readonly Place[] = [['candidates', 0, 'content', 'parts', 0, 'text']]
const counts: readonly Place[] = [
  ['usageMetadata', 'candidatesTokenCount'],
  ['usageMetadata', 'thoughtsTokenCount'],
  ['usageMetadata', 'totalTokenCount'],
]

interface Candidate {
  readonly calls: GeminiCalls
  cited: number
  stopped: boolean
}

/**
 * `data: {response}` after `data: {response}`, and no end mark: the end of the body is the end, and it is a good one
 * when every candidate has had its finishReason, or the prompt was blocked.
 *
 * Left out on purpose: code that the service runs itself, and its results; images and audio.
 */
export function createGeminiMapper(name: string): LlmMapper {
  const readJson = createJsonReader(pieces, counts)
  const candidates = new Map<number, Candidate>()
  let started = false
  let done = false

  function map({ data }: { readonly data: string }): readonly LlmEvent[] {
    const text = data.trim()
    if (done || text === '' || text === '[DONE]') return []
    const json = readJson(text)
    if (json === undefined) throw new LlmError('LLM_PROTOCOL', `${name} sent an event that is not JSON`)
    const error = findError(json)
    if (error) throw streamError(name, error)
    if (Array.isArray(json)) return json.flatMap((response) => eventsOf(objectOf(response))) // all of them, without alt=sse
    return eventsOf(objectOf(json))
  }

  function eventsOf(response: JsonObject): LlmEvent[] {
    const events: LlmEvent[] = []
    for (const candidate of listOf(response['candidates'])) mapCandidate(objectOf(candidate), events)
    const blocked = textOf(objectOf(response['promptFeedback'])['blockReason'])
    if (blocked !== '') events.push(...stopOf(0, blocked, 'content-filter'))
    const usage = geminiUsage(response['usageMetadata'])
    if (usage) events.push({ kind: 'usage', usage })
    if (!started && events.length > 0) {
      started = true
      events.unshift({ kind: 'start', id: textOf(response['responseId']), model: textOf(response['modelVersion']) })
    }
    return events
  }

  function candidateAt(choice: number): Candidate {
    const known = candidates.get(choice)
    if (known) return known
    assertRoomForChoice(candidates.size)
    const candidate = { calls: createGeminiCalls(choice), cited: 0, stopped: false }
    candidates.set(choice, candidate)
    return candidate
  }

  function mapCandidate(wire: JsonObject, events: LlmEvent[]): void {
    const choice = indexOr(0, wire['index']) // the first one's 0 is left out
    const candidate = candidateAt(choice)
    for (const part of listOf(objectOf(wire['content'])['parts'])) mapPart(objectOf(part), choice, candidate, events)
    for (const citation of citationsOf(wire, candidate)) events.push({ kind: 'citation', choice, citation })
    const raw = textOf(wire['finishReason'])
    if (raw === '') return
    events.push(...candidate.calls.end())
    const reason = raw === 'STOP' && candidate.calls.size > 0 ? 'tool-calls' : stopReasons.get(raw)
    events.push(...stopOf(choice, raw, reason))
  }

  function stopOf(choice: number, raw: string, reason: StopReason | undefined): LlmEvent[] {
    const candidate = candidateAt(choice)
    if (candidate.stopped) return []
    candidate.stopped = true
    return [{ kind: 'stop', choice, reason, raw }]
  }

  function isSettled(): boolean {
    return candidates.size > 0 && [...candidates.values()].every(({ stopped }) => stopped)
  }

  return {
    map,
    bareErrors: true,
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

function mapPart(part: JsonObject, choice: number, { calls }: Candidate, events: LlmEvent[]): void {
  if (part['functionCall'] !== undefined) {
    events.push(...calls.take(objectOf(part['functionCall']), textOf(part['thoughtSignature'])))
    return
  }
  const text = textOf(part['text'])
  if (text !== '') events.push({ kind: part['thought'] === true ? 'reasoning' : 'text', choice, text })
}
