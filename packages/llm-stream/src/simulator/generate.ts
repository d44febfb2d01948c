import { createRandom, hash } from './random.ts'
import { compose, subjectOf, type WordRange } from './text.ts'
import { countTokens, tokenize } from './tokens.ts'

/** One message of the conversation so far. */
export interface Turn {
  readonly role: string
  readonly text: string
}

/** What a request asks for, whichever wire format it came in. */
export interface Ask {
  readonly model: string
  readonly turns: readonly Turn[]
  readonly stream: boolean
  /** How many answers to the one prompt. */
  readonly choices: number
  readonly maxTokens: number | undefined
  /** The answer ends before the first of these that would occur in it. */
  readonly stop: readonly string[]
  readonly seed: number
  readonly includeUsage: boolean
}

/** An answer, made: what is left is to send it. */
export interface Generation {
  readonly tokens: readonly string[]
  /** `end`: said all it had to say; `length`: cut by maxTokens; `stop`: cut by a stop sequence. */
  readonly reason: 'end' | 'length' | 'stop'
  readonly stopSequence: string | undefined
}

/** Tokens that frame each message, and the start of the answer, in the template a model is really shown. */
const TURN_OVERHEAD = 4
const ANSWER_OVERHEAD = 3

export function countPromptTokens(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + TURN_OVERHEAD + countTokens(turn.text), ANSWER_OVERHEAD)
}

/** The answers to a request. The same conversation and seeds give the same ones; any difference gives others. */
export function generate(ask: Ask, seed: number, words: WordRange): readonly Generation[] {
  const subject = subjectOf(ask.turns)
  const conversation = ask.turns.reduce((sum, turn) => hash(`${turn.role}\0${turn.text}\0`, sum), hash(`${seed}`))
  return Array.from({ length: ask.choices }, (_, choice) => {
    const random = createRandom(hash(`${ask.seed}/${choice}`, conversation))
    return cut(compose(subject, random, words), ask)
  })
}

function cut(text: string, { stop, maxTokens = Number.POSITIVE_INFINITY }: Ask): Generation {
  const [kept, stopSequence] = cutAtStop(text, stop)
  const tokens = [...tokenize(kept)]
  if (tokens.length > maxTokens) {
    return { tokens: tokens.slice(0, maxTokens), reason: 'length', stopSequence: undefined }
  }
  return { tokens, reason: stopSequence === undefined ? 'end' : 'stop', stopSequence }
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
