/**
 * What to do about a failure, and what to tell the person who waits.
 *
 * ```text
 * before the answer: the status says it
 *   HTTP/1.1 429 Too Many Requests
 *   retry-after: 20                                       → { retry: true, afterMs: 20_000, say: '…' }
 *   {"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}
 *
 * in the middle of it: the status was 200, and an event says it
 *   data: {"choices":[{"delta":{"content":"The sea"}}]}
 *   data: {"error":{"message":"Overloaded","code":"server_overloaded"}}
 *                                                         → { retry: false, say: '…' }
 * at its end: nobody says it
 *   data: {"choices":[{"delta":{"content":"The sea"}}]}
 *   (the end of the body, and no [DONE])                  → { retry: false, say: '…' }
 * ```
 *
 * @returns whether to send the same request again; how many milliseconds to wait before, if the server has said it; and
 * what to tell a person
 */
export type Explain = (failure: StreamFailure) => Advice

export interface Advice {
  readonly retry: boolean
  /** Only there when `retry` is true, and the server has said how long. */
  readonly afterMs?: number
  /** For a person: the status, if there is one, and the provider's own words. Never the key. */
  readonly say: string
}

export type StreamFailure = BeforeTheAnswer | InsideTheAnswer | CutAnswer

/** The server answered with a status that is no success. */
export interface BeforeTheAnswer {
  readonly kind: 'status'
  readonly status: number
  /** By name, in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Often JSON with an error in it. A proxy sends a page, or nothing. */
  readonly body: string
  /** The key that was sent, if there was one. */
  readonly key?: string
}

/** The answer had begun with 200, and one of its events is an error. */
export interface InsideTheAnswer {
  readonly kind: 'event'
  /** The data of that event: JSON. */
  readonly data: string
  /** The text that the reader has seen already. */
  readonly delivered: string
}

/** The answer had begun with 200, and ended without its end mark. */
export interface CutAnswer {
  readonly kind: 'cut'
  readonly delivered: string
}
