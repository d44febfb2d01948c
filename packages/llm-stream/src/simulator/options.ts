import type { ServeOptions } from '@sse-from-scratch/http-raw'
import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import type { Recording } from '../recording.ts'
import { parseFaults } from './fault-grammar.ts'
import type { FaultSpec } from './fault-spec.ts'
import type { WordRange } from './text.ts'

/** How one answer went. */
export interface FinishedAnswer {
  /** The path that was asked: `/v1/chat/completions`, `/v1/messages`, … */
  readonly path: string
  /** Tokens that were sent; for an answer that is not streamed, tokens made. */
  readonly tokens: number
  /** Whether the answer was sent to its end. */
  readonly complete: boolean
}

/** What the model that is none says, how fast, and what goes wrong with it. */
export interface SimulatorOptions extends Pick<ServeOptions, 'port' | 'host' | 'tls' | 'onError'> {
  /** Tokens a second; 0 or Infinity for as fast as the client reads. Default 40. */
  readonly tokensPerSecond?: number
  /** Milliseconds from request to first token. Default 150, or 0 when tokensPerSecond is 0 or Infinity. */
  readonly firstTokenDelay?: number
  /** How uneven the pauses are, from 0 (a metronome) to 1 (from nothing to double). Default 0.3. */
  readonly jitter?: number
  /** The same seed and conversation give the same answer, and the same ids in the same order. Default 0. */
  readonly seed?: number
  /** How many words an answer has. Default 60 to 180. */
  readonly words?: WordRange
  /** What goes wrong with every answer whose request does not say otherwise; a text is read by `parseFaults`. */
  readonly faults?: FaultSpec | string
  /** Answers what was recorded, instead of making something up. */
  readonly replay?: Recording
  /** How much faster than it was recorded; 0: as fast as possible. Default 1. */
  readonly speed?: number
  /** The only key to accept. Default: any, and none. */
  readonly apiKey?: string
  /** Refuses with 429 whoever asks more often. Default: nobody, and the fields say 10,000. */
  readonly requestsPerMinute?: number
  /** Refuses with 429 whoever has used up so many. Default: nobody, and the fields say 2,000,000. */
  readonly tokensPerMinute?: number
  /** Most bytes in a request body; more is answered with 413. Default 8 MiB. */
  readonly bodySize?: number
  /** Answers at a time; one more is told that the model is overloaded. Default 1024. */
  readonly maxAnswers?: number
  /** Milliseconds an answer may take, also one that goes wrong; then its connection is cut. Default 600,000. */
  readonly answerTimeout?: number
  /** The clock, in milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
  /** Told of each answer when it is over, also when the client left before. */
  readonly onFinish?: (answer: FinishedAnswer) => void
}

/** The options with all their defaults. */
export interface Settings {
  readonly tokensPerSecond: number
  readonly firstTokenDelay: number | undefined
  readonly jitter: number
  readonly seed: number
  readonly words: WordRange
  readonly faults: FaultSpec | undefined
  readonly apiKey: string | undefined
  readonly requestsPerMinute: number | undefined
  readonly tokensPerMinute: number | undefined
  readonly bodySize: number
  readonly maxAnswers: number
  readonly answerTimeout: number
  readonly now: () => number
  readonly onFinish: (answer: FinishedAnswer) => void
}

export const DEFAULT_FIRST_TOKEN_DELAY = 150

/** Whether this rate means: without waiting. */
export function flatOut(tokensPerSecond: number): boolean {
  return tokensPerSecond === 0 || tokensPerSecond === Number.POSITIVE_INFINITY
}

/**
 * Fills in the defaults.
 *
 * @throws RangeError for a number out of its range
 * @throws TypeError for faults that cannot be read
 */
export function readOptions(options: SimulatorOptions): Settings {
  const { tokensPerSecond = 40, firstTokenDelay, jitter = 0.3, seed = 0, words = { min: 60, max: 180 } } = options
  const { apiKey, bodySize = 8 * 1024 * 1024, now = Date.now, onFinish = () => {}, speed = 1 } = options
  const { maxAnswers = 1024, answerTimeout = 600_000, requestsPerMinute, tokensPerMinute } = options
  const faults = typeof options.faults === 'string' ? parseFaults(options.faults) : options.faults
  atLeast('tokensPerSecond', tokensPerSecond, 0)
  atLeast('speed', speed, 0)
  if (firstTokenDelay !== undefined) milliseconds('firstTokenDelay', firstTokenDelay, 0)
  milliseconds('answerTimeout', answerTimeout, 1)
  if (!(jitter >= 0 && jitter <= 1)) throw new RangeError(`jitter must be from 0 to 1: ${jitter}`)
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a whole number: ${seed}`)
  if (!(words.min >= 0 && words.max >= words.min && words.max <= MOST_WORDS)) {
    throw new RangeError(`words must hold 0 <= min <= max <= ${MOST_WORDS}`)
  }
  if (!(bodySize > 0)) throw new RangeError(`bodySize must be above 0: ${bodySize}`)
  atLeast('maxAnswers', maxAnswers, 1)
  if (requestsPerMinute !== undefined) atLeast('requestsPerMinute', requestsPerMinute, 1)
  if (tokensPerMinute !== undefined) atLeast('tokensPerMinute', tokensPerMinute, 1)
  const paced = { tokensPerSecond, firstTokenDelay, jitter, seed, words, faults }
  return { ...paced, apiKey, requestsPerMinute, tokensPerMinute, bodySize, maxAnswers, answerTimeout, now, onFinish }
}

function atLeast(name: string, value: number, least: number): void {
  if (!(value >= least)) throw new RangeError(`${name} must not be below ${least}: ${value}`)
}

function milliseconds(name: string, value: number, least: number): void {
  if (value >= least && value <= LONGEST_TIMER) return
  throw new RangeError(`${name} must be from ${least} to ${LONGEST_TIMER} milliseconds: ${value}`)
}

/** An answer is made before it is sent, so its length needs an end. */
const MOST_WORDS = 1_000_000
