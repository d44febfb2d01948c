import type { Delta } from '../02-openai-deltas/contract.ts'

export type { Delta } from '../02-openai-deltas/contract.ts'

/**
 * Lets the deltas of an answer through as they come, and finds out whether the answer was whole.
 *
 * ```text
 * text  text  text  stop  usage  end         whole: the last delta is `end`, the loop over it ends
 * text  text  text  stop  usage              Truncated: all five come, then it throws
 * text  text                                 Truncated
 * (nothing)                                  Truncated
 * text  text  throws Reset                   Reset: what the source throws is not hidden
 * ```
 *
 * `end` is what `[DONE]` of OpenAI and `message_stop` of Anthropic have become. Nothing is read after it.
 * Leaving the loop before the end leaves the source, too.
 *
 * @throws an Error with the code `Truncated` when the source ends without `end`
 */
export type UntilSentinel = (deltas: AsyncIterable<Delta>) => AsyncIterable<Delta>
