import type { Usage } from './events.ts'
import type { Chat } from './provider.ts'

/** A rule of thumb for English; good for a bill's order of magnitude, hence `estimated: true`. */
const CHARACTERS_PER_TOKEN = 4

/** What a cut answer has cost, at least about: the last numbers the provider gave, and a guess at what came after them. */
export function estimateUsage(chat: Chat, said: Usage | undefined, outputSize: number): Usage {
  const inputSize = chat.messages.reduce((sum, message) => sum + message.content.length, 0)
  const inputTokens = said?.inputTokens || tokensIn(inputSize)
  const outputTokens = Math.max(said?.outputTokens ?? 0, tokensIn(outputSize))
  return { ...said, inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true }
}

function tokensIn(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}
