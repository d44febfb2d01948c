import type { Usage } from '../events.ts'
import { countOf, objectOf } from '../json.ts'

/** Keeps the running totals of one answer: each number replaces the one before it, and one that is left out stays. */
export function createUsageTotals(): (wire: unknown) => Usage | undefined {
  let counts: Counts = {}
  return (wire) => {
    counts = { ...counts, ...countsIn(wire) }
    return counts.input === undefined && counts.output === undefined ? undefined : usageOf(counts)
  }
}

interface Counts {
  readonly input?: number
  readonly output?: number
  readonly read?: number
  readonly written?: number
  readonly thinking?: number
}

function countsIn(wire: unknown): Counts {
  const usage = objectOf(wire)
  return {
    ...count('input', usage['input_tokens']),
    ...count('output', usage['output_tokens']),
    ...count('read', usage['cache_read_input_tokens']),
    ...count('written', usage['cache_creation_input_tokens']),
    ...count('thinking', objectOf(usage['output_tokens_details'])['thinking_tokens']),
  }
}

function count(key: keyof Counts, value: unknown): Counts {
  const number = countOf(value)
  return number === undefined ? {} : { [key]: number }
}

/** `input_tokens` counts only what no cache was involved in; the total is the sum of the three. */
function usageOf({ input = 0, output = 0, read, written, thinking }: Counts): Usage {
  const inputTokens = input + (read ?? 0) + (written ?? 0)
  return {
    inputTokens,
    outputTokens: output,
    totalTokens: inputTokens + output,
    ...(read !== undefined && { cachedInputTokens: read }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(thinking !== undefined && { reasoningTokens: thinking }),
  }
}
