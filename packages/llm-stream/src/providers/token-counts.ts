import type { Usage } from '../events.ts'

/** Token counts by what they count, each missing where a service does not tell it. */
export interface TokenCounts {
  readonly input: number | undefined
  readonly output: number | undefined
  readonly total: number | undefined
  readonly cached: number | undefined
  readonly written: number | undefined
  readonly reasoning: number | undefined
}

/** `undefined` while neither input nor output has been counted. */
export function usageOf({ input, output, total, cached, written, reasoning }: TokenCounts): Usage | undefined {
  if (input === undefined && output === undefined) return undefined
  const inputTokens = input ?? 0
  const outputTokens = output ?? 0
  return {
    inputTokens,
    outputTokens,
    totalTokens: total ?? inputTokens + outputTokens,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  }
}
