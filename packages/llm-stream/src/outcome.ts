import type { LlmError } from './errors.ts'
import type { ProviderTurn, StopReason, Usage } from './events.ts'
import type { RateLimit } from './rate-limit.ts'

/** One tool call of an answer. Cut JSON is never repaired: half a path is another path. */
export interface ToolCall {
  /** The provider's. One of ours (`call-0-1`: the choice, then the call) where it gives none, so that an answer can name it. */
  readonly id: string
  readonly name: string
  /** The arguments' JSON text, as far as it came. */
  readonly arguments: string
  /** The parsed arguments; `null` when they are not valid JSON. Of a custom tool, the text it was given. */
  readonly args: unknown
  /** Whether the arguments came whole. Do not run a call that is not complete. */
  readonly complete: boolean
  /** True for a custom tool, which takes text instead of JSON. */
  readonly custom?: true
  /** Opaque: some providers want it back with the call. Handing back the whole call does that. */
  readonly signature?: string
}

/** One of the answers that were asked for side by side (`n`). */
export interface ChoiceOutcome {
  readonly text: string
  readonly reasoning: string
  readonly refusal: string
  readonly toolCalls: readonly ToolCall[]
  /** Sources, as the provider describes them. */
  readonly citations: readonly unknown[]
  /** See `Outcome.turn`. */
  readonly turn: ProviderTurn | undefined
  readonly stopReason: StopReason | undefined
  readonly rawStopReason: string | undefined
}

/** How an answer went. It cannot lie: a stream that just ends is not complete. */
export interface Outcome {
  /** Whether the provider said that it was done. What for, `stopReason` tells: `length` is a complete answer, cut short. */
  readonly complete: boolean
  readonly stopReason: StopReason | undefined
  /** The provider's own word for it. */
  readonly rawStopReason: string | undefined
  /** `undefined` exactly when `complete`. */
  readonly error: LlmError | undefined
  /** Of the first choice, as far as it came. */
  readonly text: string
  readonly reasoning: string
  readonly refusal: string
  /** Of all choices, one after another. */
  readonly toolCalls: readonly ToolCall[]
  /** Of the first choice: sources, as the provider describes them. */
  readonly citations: readonly unknown[]
  /** Put it into the `ChatMessage` that hands this answer back: some providers demand more than text and calls. */
  readonly turn: ProviderTurn | undefined
  /** All of them, ordered by number. One, unless more were asked for. */
  readonly choices: readonly ChoiceOutcome[]
  readonly usage: Usage | undefined
  readonly metrics: StreamMetrics
  /** What the response's headers said about limits, if anything. */
  readonly rateLimit: RateLimit | undefined
  /** How often the request was sent. */
  readonly attempts: number
}

/** Times in milliseconds since the request; absent = it did not happen, or the transport cannot tell. */
export interface StreamMetrics {
  readonly connect?: number
  readonly firstByte?: number
  /** The first text, reasoning, refusal or tool call: what people wait for. */
  readonly firstToken?: number
  readonly total: number
  /** The median gap between two tokens, within 5 %. */
  readonly interTokenP50?: number
  readonly interTokenP99?: number
  /** Output tokens per second between the first token and the last one; thoughts only where they were streamed. */
  readonly tokensPerSecond?: number
  /** The share of tokens that arrived in the same read as an earlier one. Near 1: a proxy is buffering. */
  readonly burstFactor?: number
  /** Bytes of the response body, as the transport delivered them. */
  readonly bytes: number
  /** Those of them that are not the answer's own text: event syntax, JSON, names, padding. */
  readonly overheadBytes: number
}
