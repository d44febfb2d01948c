import type { Usage } from '../events.ts'
import { countOf, objectOf } from '../json.ts'

/** The token counts of a response: every one has them, and each replaces the one before. Thoughts are paid as output. */
export function geminiUsage(wire: unknown): Usage | undefined {
  const usage = objectOf(wire)
  const prompt = countOf(usage['promptTokenCount'])
  const candidates = countOf(usage['candidatesTokenCount'])
  const thoughts = countOf(usage['thoughtsTokenCount'])
  if (prompt === undefined && candidates === undefined && thoughts === undefined) return undefined
  const inputTokens = (prompt ?? 0) + (countOf(usage['toolUsePromptTokenCount']) ?? 0)
  const outputTokens = (candidates ?? 0) + (thoughts ?? 0)
  const cached = countOf(usage['cachedContentTokenCount'])
  return {
    inputTokens,
    outputTokens,
    totalTokens: countOf(usage['totalTokenCount']) ?? inputTokens + outputTokens,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(thoughts !== undefined && { reasoningTokens: thoughts }),
  }
}
