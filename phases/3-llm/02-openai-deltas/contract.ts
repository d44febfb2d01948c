/** An event as phase 2 reads it from the stream (HTML §9.2.6). */
export interface ParsedEvent {
  /** The value of its `event` field; `message` when it has none. */
  readonly type: string
  readonly data: string
}

/** Why the model stopped, in words that mean the same for every provider. `other`: a word that is not in the list. */
export type StopReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other'

/** One piece of an answer. All wires come down to this. */
export type Delta =
  /** The next characters of the answer. Never empty. */
  | { readonly kind: 'text'; readonly text: string }
  /**
   * A piece of a tool call. `index` counts the calls of the answer: 0, 1, 2. The piece that begins a call has its `id` and
   * `name`; no other piece has them. `json` is the next characters of its arguments, which are JSON only when joined.
   */
  | {
      readonly kind: 'tool'
      readonly index: number
      readonly id?: string
      readonly name?: string
      readonly json: string
    }
  /** The model has stopped. More may follow: the usage, and the end. */
  | { readonly kind: 'stop'; readonly reason: StopReason }
  /** Tokens so far: of the question, and of the answer. A later one replaces it. */
  | { readonly kind: 'usage'; readonly input: number; readonly output: number }
  /** The provider has said that this was all. */
  | { readonly kind: 'end' }

/**
 * Reads the events of an OpenAI Chat Completions stream.
 *
 * ```text
 * data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}
 *                                                              nothing to say yet: no delta
 * data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null}
 *                                                              { kind: 'text', text: 'Hi' }
 * data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}
 *                                                              { kind: 'stop', reason: 'stop' }
 * data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}
 *                                                              { kind: 'usage', input: 9, output: 1 }
 * data: [DONE]                                                 { kind: 'end' }
 * ```
 *
 * A tool call comes in pieces, `delta.tool_calls`, a list:
 *
 * ```text
 * [{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}]
 * [{"index":0,"function":{"arguments":"{\"city\":"}}]
 * [{"index":0,"function":{"arguments":"\"Oslo\"}"}}]
 * ```
 *
 * Some servers give each call the index 0. An id that differs from the one before, at the same index, begins a new call.
 *
 * Who has asked for several answers at once (`n`) gets them mixed: `index` of the choice says which one goes on. Only the one
 * with the index 0 counts here. Of one event first the text, then the tools, the stop, the usage. `finish_reason`: `stop` and `length` are themselves,
 * `tool_calls` is `tool-calls`, `content_filter` is `content-filter`, every other word is `other`.
 *
 * After `end` nothing more is read. A source that ends without it makes no `end`.
 *
 * @throws an Error with the code `Malformed` for data that is not JSON
 * @throws an Error with the code `Provider`, and the provider's own words, for an event that has an `error`
 */
export type FromOpenAI = (events: AsyncIterable<ParsedEvent>) => AsyncIterable<Delta>
