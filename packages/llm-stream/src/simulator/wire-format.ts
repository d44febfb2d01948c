import type { Fields } from '@sse-from-scratch/http-raw'
import type { OutgoingEvent } from '@sse-from-scratch/sse-server'
import type { Ask, Generation } from './generate.ts'
import type { Params } from './params.ts'
import type { Random } from './random.ts'
import type { Allowance } from './rate-limit.ts'
import type { Refusal } from './refusal.ts'

/** An answer and all that the wire says about it. */
export interface Answer {
  readonly ask: Ask
  readonly id: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly fingerprint: string
  readonly promptTokens: number
  readonly choices: readonly Generation[]
}

/** Something to send. A frame that holds a token has to wait until the token is made. */
export interface Frame {
  readonly event: OutgoingEvent
  readonly holdsToken: boolean
}

/** What the header section of any answer tells about its request. */
export interface Exchange {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly requests: Allowance
  readonly tokens: Allowance
}

/** One way of asking for an answer and giving it. Pure: values in, values out. */
export interface WireFormat {
  /** Fields on every answer, good or bad. */
  fields(exchange: Exchange): Readonly<Record<string, string>>
  /** How this service names the i-th member of an array in its error messages. */
  indexed(name: string, i: number): string
  /** The key a request came with. */
  apiKey(fields: Fields): string | undefined
  refusal(refusal: Refusal, requestId: string): unknown
  models(): unknown
  readAsk(params: Params): Ask
  answerId(random: Random): string
  /** The whole answer as one JSON value. */
  whole(answer: Answer): unknown
  /** The answer as events, in order. */
  frames(answer: Answer): Iterable<Frame>
}

/** The one model there is, although any name is answered to. */
export const MODEL = 'simulator'
/** When it was made, in seconds since 1970: 2026-01-01. */
export const MODEL_CREATED = 1_767_225_600
