import type { Usage } from '../events.ts'
import { countOf, type JsonObject, listOf, objectOf } from '../json.ts'

/** The token counts of a chunk, wherever its server puts them; `undefined` if it has none. */
export function openaiUsage(chunk: JsonObject): Usage | undefined {
  const usage = objectOf(
    chunk['usage'] ?? // OpenAI: in one last chunk without choices; DashScope: in every chunk
      objectOf(chunk['x_groq'])['usage'] ?? // Groq
      objectOf(listOf(chunk['choices'])[0])['usage'], // Moonshot
  )
  const input = countOf(usage['prompt_tokens'])
  const output = countOf(usage['completion_tokens'])
  if (input === undefined && output === undefined) return undefined
  const inputTokens = input ?? 0
  const outputTokens = output ?? 0
  const inputDetails = objectOf(usage['prompt_tokens_details'])
  const outputDetails = objectOf(usage['completion_tokens_details'])
  const cached = countOf(inputDetails['cached_tokens']) ?? countOf(usage['prompt_cache_hit_tokens']) // DeepSeek
  const written = countOf(inputDetails['cache_write_tokens'])
  const reasoning = countOf(outputDetails['reasoning_tokens'])
  return {
    inputTokens,
    outputTokens,
    totalTokens: countOf(usage['total_tokens']) ?? inputTokens + outputTokens,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  }
}
