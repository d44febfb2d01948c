import type { Delta, ParsedEvent } from '../02-openai-deltas/contract.ts'

export type { Delta, ParsedEvent } from '../02-openai-deltas/contract.ts'

/**
 * Reads the events of an Anthropic Messages stream.
 *
 * ```text
 * event: message_start
 * data: {"type":"message_start","message":{"role":"assistant","usage":{"input_tokens":9,"output_tokens":1}}}
 *                                                              { kind: 'usage', input: 9, output: 1 }
 * data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
 *                                                              nothing to say yet: no delta
 * data: {"type":"ping"}                                        no delta
 * data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}
 *                                                              { kind: 'text', text: 'Hi' }
 * data: {"type":"content_block_stop","index":0}                no delta
 * data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}
 *                                                              { kind: 'usage', input: 9, output: 4 }
 *                                                              { kind: 'stop', reason: 'stop' }
 * data: {"type":"message_stop"}                                { kind: 'end' }
 * ```
 *
 * A tool call is a block of its own; the blocks of an answer have one row of indexes, whatever they hold:
 *
 * ```text
 * {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}}
 * {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}
 * {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Oslo\"}"}}
 * ```
 *
 * `stop_reason`: `end_turn` and `stop_sequence` are `stop`, `max_tokens` is `length`, `tool_use` is `tool-calls`, every other
 * word is `other`. The usage counts what there is so far: a number that comes replaces the one before it, and one that does
 * not come stays; an event may have no `usage` at all. `input_tokens` does not count what went through a cache: `cache_read_input_tokens` and
 * `cache_creation_input_tokens` are input, too. The type of an event stands in its JSON; the `event` line only repeats it.
 *
 * After `end` nothing more is read. A source that ends without it makes no `end`.
 *
 * @throws an Error with the code `Malformed` for data that is not JSON
 * @throws an Error with the code `Provider`, and the provider's own words, for an event of the type `error`
 */
export type FromAnthropic = (events: AsyncIterable<ParsedEvent>) => AsyncIterable<Delta>
