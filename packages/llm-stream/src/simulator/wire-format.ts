import type { Fields } from '@sse-from-scratch/http-raw'
import type { Ask } from './ask.ts'
import type { Generation } from './generate.ts'
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
  /** Milliseconds a token takes. */
  readonly tokenTime: number
}

/** Something to send: one event, or one line. A frame that holds a token has to wait until the token is made. */
export interface Frame {
  readonly bytes: Uint8Array
  readonly holdsToken: boolean
  /** Whether it says that the answer is over. */
  readonly last?: boolean
  /** Milliseconds to let pass before it. */
  readonly wait?: number
}

/** What the header section of any answer tells about its request. */
export interface Exchange {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly requests: Allowance
  readonly tokens: Allowance
}

/** What a request's target says beside its path. */
export interface Target {
  readonly query: URLSearchParams
  /** Where the path names the model. */
  readonly model: string | undefined
  /** Where the path says whether to stream. */
  readonly stream: boolean | undefined
}

/** One way of asking for an answer and giving it. Pure: values in, values out. */
export interface WireFormat {
  /** Whose words it uses for failures. */
  readonly service: 'openai' | 'anthropic' | 'gemini' | 'ollama'
  /** Fields on every answer, good or bad. */
  fields(exchange: Exchange): Readonly<Record<string, string>>
  /** How this service names the i-th member of an array in its error messages. */
  indexed(name: string, i: number): string
  /** The key a request came with. */
  apiKey(fields: Fields, query: URLSearchParams): string | undefined
  refusal(refusal: Refusal, requestId: string): unknown
  models(): unknown
  readAsk(params: Params, target: Target): Ask
  answerId(random: Random): string
  /** The whole answer as one JSON value. */
  whole(answer: Answer): unknown
  /** Fields of a stream's head. */
  readonly streamFields: Readonly<Record<string, string>>
  /** The answer as it is streamed, in order. */
  frames(answer: Answer): Iterable<Frame>
  /** Bytes between two frames that mean nothing. */
  readonly keepAlive: Uint8Array
  /** An error inside a stream. */
  failureFrame(refusal: Refusal, requestId: string): Uint8Array
}

/** The one model there is, although any name is answered to. */
export const MODEL = 'simulator'
/** When it was made, in seconds since 1970: 2026-01-01. */
export const MODEL_CREATED = 1_767_225_600
