import type { Usage } from '../events.ts'
import { countOf, objectOf } from '../json.ts'
import { usageOf } from './token-counts.ts'

/** The token counts of a response, `undefined` while it has none. */
export function responsesUsage(wire: unknown): Usage | undefined {
  const usage = objectOf(wire)
  const inputDetails = objectOf(usage['input_tokens_details'])
  return usageOf({
    input: countOf(usage['input_tokens']),
    output: countOf(usage['output_tokens']),
    total: countOf(usage['total_tokens']),
    cached: countOf(inputDetails['cached_tokens']),
    written: countOf(inputDetails['cache_write_tokens']),
    reasoning: countOf(objectOf(usage['output_tokens_details'])['reasoning_tokens']),
  })
}
