import type { Usage } from '../events.ts'
import { countOf, type JsonObject, listOf, objectOf } from '../json.ts'
import { usageOf } from './token-counts.ts'

/** The token counts of a chunk, wherever its server puts them; `undefined` if it has none. */
export function openaiUsage(chunk: JsonObject): Usage | undefined {
  const usage = objectOf(
    chunk['usage'] ?? // OpenAI: in one last chunk without choices; DashScope: in every chunk
      objectOf(chunk['x_groq'])['usage'] ?? // Groq
      objectOf(listOf(chunk['choices'])[0])['usage'], // Moonshot
  )
  const inputDetails = objectOf(usage['prompt_tokens_details'])
  return usageOf({
    input: countOf(usage['prompt_tokens']),
    output: countOf(usage['completion_tokens']),
    total: countOf(usage['total_tokens']),
    cached: countOf(inputDetails['cached_tokens']) ?? countOf(usage['prompt_cache_hit_tokens']), // DeepSeek
    written: countOf(inputDetails['cache_write_tokens']),
    reasoning: countOf(objectOf(usage['completion_tokens_details'])['reasoning_tokens']),
  })
}
