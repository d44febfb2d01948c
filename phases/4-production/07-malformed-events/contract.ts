import type { Delta, ParsedEvent } from '../../3-llm/02-openai-deltas/contract.ts'

export type { Delta, ParsedEvent } from '../../3-llm/02-openai-deltas/contract.ts'

/**
 * Reads one event of an OpenAI stream, whatever it may hold. Never throws.
 *
 * ```text
 * {"choices":[{"delta":{"content":"Hi"}}]}              [{ kind: 'text', text: 'Hi' }]
 * {"choices":[{"delta":{"content":"!"},"finish_reason":"stop"}]}
 *                                                       [{ kind: 'text', text: '!' }, { kind: 'stop', reason: 'stop' }]
 * {"usage":{"prompt_tokens":9,"completion_tokens":4}}   [{ kind: 'usage', input: 9, output: 4 }]
 * [DONE]                                                [{ kind: 'end' }]
 * {"choices":[{"delta":{"role":"assistant"}}]}          []: well made, and nothing to say
 * {"choices":[{"delta":{"content":5}}]}                 []: what has the wrong type is as if it were not there
 * {"choices":[{"index":1,"delta":{"content":"Hi"}}]}    []: another answer, as in 3.2. Without an index it is 0
 * null                                                  []: so is all of it here
 * {"choices":[{"delta":{"content":"Hi                   { malformed: 'not JSON: …' }
 * ```
 *
 * `malformed` is for the log: a reason of at most 200 characters, whatever has come. Each event stands for itself: the answer
 * does not depend on what was read before. Tool calls are left out: they need a memory (3.2). An `error` is not this function's
 * business, either: it is well made.
 */
export type SafeDelta = (event: ParsedEvent) => readonly Delta[] | Malformed

export interface Malformed {
  readonly malformed: string
}
