import type { StopReason } from '../events.ts'
import { streamError } from './wire-error.ts'

const stopReasons: ReadonlyMap<string, StopReason> = new Map(
  Object.entries<StopReason>({
    stop: 'stop',
    length: 'length',
    model_length: 'length', // Mistral, at the end of the context
    tool_calls: 'tool-calls',
    function_call: 'tool-calls',
    content_filter: 'content-filter',
  }),
)

/**
 * What a finish_reason means, with what came before it.
 *
 * @throws LlmError for one that says the server has failed
 */
export function reasonOf(
  name: string,
  raw: string,
  { refused, calls }: { readonly refused: boolean; readonly calls: { readonly size: number } },
): StopReason | undefined {
  // Two servers report failures here, of all places.
  if (raw === 'error' || raw === 'insufficient_system_resource') {
    throw streamError(name, { message: `finish_reason ${raw}`, words: [raw] })
  }
  if (raw !== 'stop') return stopReasons.get(raw)
  if (refused) return 'refusal'
  return calls.size > 0 ? 'tool-calls' : 'stop' // OpenAI for a call that was demanded, Gemini for every call
}
