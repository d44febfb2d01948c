import { LlmError } from '../errors.ts'
import { type JsonObject, objectOf, textOf } from '../json.ts'
import { errorEvent, findError, streamError } from './wire-error.ts'

/** An event whose JSON says what it is. */
export interface TypedEvent {
  /** Empty when neither the JSON nor the `event:` line says. */
  readonly type: string
  readonly body: JsonObject
}

/** What an event without an `event:` line is called (HTML §9.2.6). It says nothing about what is in it. */
const UNNAMED = 'message'

/**
 * Reads an event of a format that names its events, as Anthropic's Messages and OpenAI's Responses do. The JSON's `type`
 * decides. The `event:` line says the same, where it is: some proxies leave it out.
 *
 * `undefined` for data that means nothing: none at all, and `[DONE]`, a proxy's habit and no end mark of these formats.
 *
 * @throws LlmError the error the provider put into the stream, or `LLM_PROTOCOL` for data that is not JSON
 */
export function readTyped(
  name: string,
  { type: eventType, data }: { readonly type: string; readonly data: string },
  readJson: (text: string) => unknown,
): TypedEvent | undefined {
  const text = data.trim()
  if (text === '' || text === '[DONE]') return undefined
  const json = readJson(text)
  const body = objectOf(json)
  const type = textOf(body['type']) || (eventType === UNNAMED ? '' : eventType)
  const error = type === 'error' ? errorEvent(json, text) : findError(json)
  if (error) throw streamError(name, error)
  if (json === undefined) throw new LlmError('LLM_PROTOCOL', `${name} sent an event that is not JSON`)
  return { type, body }
}
