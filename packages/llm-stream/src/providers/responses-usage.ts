import type { Usage } from '../events.ts'
import { countOf, objectOf } from '../json.ts'

/** The token counts of a response, `undefined` while it has none. */
export function responsesUsage(wire: unknown): Usage | undefined {
  const usage = objectOf(wire)
  const input = countOf(usage['input_tokens'])
  const output = countOf(usage['output_tokens'])
  if (input === undefined && output === undefined) return undefined
  const inputTokens = input ?? 0
  const outputTokens = output ?? 0
  const inputDetails = objectOf(usage['input_tokens_details'])
  const cached = countOf(inputDetails['cached_tokens'])
  const written = countOf(inputDetails['cache_write_tokens'])
  const reasoning = countOf(objectOf(usage['output_tokens_details'])['reasoning_tokens'])
  return {
    inputTokens,
    outputTokens,
    totalTokens: countOf(usage['total_tokens']) ?? inputTokens + outputTokens,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  }
}
