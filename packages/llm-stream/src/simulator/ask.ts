/** One message of the conversation so far. */
export interface Turn {
  readonly role: string
  readonly text: string
}

/** A function the model may call, as a request describes it. */
export interface ToolSpec {
  readonly name: string
  /** A JSON Schema, not to be trusted. */
  readonly parameters: unknown
  /** OpenAI's tools that take any text (`type: "custom"`). */
  readonly custom: boolean
}

/** `none`: call nothing; `auto`: as the prompt says; `required`: at least one; or this one. */
export type ToolChoice = 'none' | 'auto' | 'required' | { readonly name: string }

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
  readonly tools: readonly ToolSpec[]
  readonly toolChoice: ToolChoice
  /** Whether more than one tool may be called at once. */
  readonly parallelCalls: boolean
  /** Whether to think aloud before answering. */
  readonly reasoning: boolean
  /** Whether it can be had again by its id, and whether as a stream, too (OpenAI's Responses). */
  readonly store: boolean
  readonly background: boolean
}

/** What a request asks for that names nothing but a model and its messages. */
export const PLAIN = {
  stream: false,
  choices: 1,
  maxTokens: undefined,
  stop: [],
  seed: 0,
  includeUsage: false,
  tools: [],
  toolChoice: 'auto',
  parallelCalls: true,
  reasoning: false,
  store: false,
  background: false,
} as const
