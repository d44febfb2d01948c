import type { Ask, Turn } from './ask.ts'
import { createRandom, hash, type Random } from './random.ts'
import { compose, type Subject, subjectOf, type WordRange } from './text.ts'
import { countTokens, tokenize } from './tokens.ts'
import { callsFor } from './tool-calls.ts'

/** A stretch of an answer. The tokens of a call are its arguments, as JSON or, of a custom tool, as text. */
export type Part =
  | { readonly kind: 'reasoning' | 'text' | 'refusal'; readonly tokens: readonly string[] }
  | {
      readonly kind: 'call'
      /** Its random part; each service puts a name of its own before it. */
      readonly id: string
      readonly name: string
      readonly custom: boolean
      readonly tokens: readonly string[]
    }

/** An answer, made: what is left is to send it. */
export interface Generation {
  readonly parts: readonly Part[]
  /**
   * `end`: said all it had to say; `length`: cut by maxTokens; `stop`: cut by a stop sequence; `calls`: waits for its
   * tools; `refusal`: would not; `filter`: was not allowed to.
   */
  readonly reason: 'end' | 'length' | 'stop' | 'calls' | 'refusal' | 'filter'
  readonly stopSequence: string | undefined
}

/** What an answer is made with besides the request. */
export interface Manner {
  readonly seed: number
  readonly words: WordRange
  readonly refuse?: boolean | undefined
  readonly filter?: boolean | undefined
  /** Puts a character of four bytes behind each token of text. */
  readonly waves?: boolean | undefined
}

/** Tokens that frame each message, and the start of the answer, in the template a model is really shown. */
const TURN_OVERHEAD = 4
const ANSWER_OVERHEAD = 3

export function countPromptTokens(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + TURN_OVERHEAD + countTokens(turn.text), ANSWER_OVERHEAD)
}

/** The tokens of an answer, of all kinds or one. */
export function tokensOf({ parts }: Generation, kind?: Part['kind']): readonly string[] {
  return parts.filter((part) => kind === undefined || part.kind === kind).flatMap((part) => part.tokens)
}

/** The answers to a request. The same conversation and seeds give the same ones; any difference gives others. */
export function generate(ask: Ask, manner: Manner): readonly Generation[] {
  const subject = subjectOf(ask.turns)
  const conversation = ask.turns.reduce(
    (sum, turn) => hash(`${turn.role}\0${turn.text}\0`, sum),
    hash(`${manner.seed}`),
  )
  return Array.from({ length: ask.choices }, (_, choice) => {
    const seed = hash(`${ask.seed}/${choice}`, conversation)
    const thought = ask.reasoning ? [think(subject, createRandom(hash('reasoning', seed)))] : []
    const answer = say(ask, subject, manner, createRandom(seed))
    return limited({ ...answer, parts: [...thought, ...answer.parts] }, ask.maxTokens)
  })
}

const REFUSAL = 'I am a simulator, and I was told to refuse. I will not help with this.'

function say(ask: Ask, subject: Subject, { words, refuse, filter, waves }: Manner, random: Random): Generation {
  const done = { stopSequence: undefined }
  if (refuse) return { ...done, parts: [{ kind: 'refusal', tokens: [...tokenize(REFUSAL)] }], reason: 'refusal' }
  const calls = callsFor(ask, subject.noticed, random)
  if (calls.length > 0) return { ...done, parts: calls, reason: 'calls' }
  const [kept, stopSequence] = cutAtStop(compose(subject, random, words), ask.stop)
  const tokens = [...tokenize(kept)].map((token) => (waves ? `${token}🌊` : token))
  if (filter) return { ...done, parts: [{ kind: 'text', tokens: tokens.slice(0, 8) }], reason: 'filter' }
  return { parts: [{ kind: 'text', tokens }], reason: stopSequence === undefined ? 'end' : 'stop', stopSequence }
}

const THOUGHT_WORDS: WordRange = { min: 25, max: 50 }

function think(subject: Subject, random: Random): Part {
  return { kind: 'reasoning', tokens: [...tokenize(compose({ ...subject, turn: 0 }, random, THOUGHT_WORDS))] }
}

/** Not more than `most` tokens, of whatever kind: a call that is cut stays cut. */
function limited(generation: Generation, most: number = Number.POSITIVE_INFINITY): Generation {
  if (tokensOf(generation).length <= most) return generation
  let left = most
  const parts: Part[] = []
  for (const part of generation.parts) {
    if (left > 0) parts.push({ ...part, tokens: part.tokens.slice(0, left) })
    left -= part.tokens.length
  }
  return { parts, reason: 'length', stopSequence: undefined }
}

function cutAtStop(text: string, stops: readonly string[]): [kept: string, stop: string | undefined] {
  let kept = text
  let found: string | undefined
  for (const stop of stops) {
    const at = kept.indexOf(stop)
    if (at === -1) continue
    kept = kept.slice(0, at)
    found = stop
  }
  return [kept, found]
}
