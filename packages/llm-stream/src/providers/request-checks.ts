import type { Chat } from '../provider.ts'

/**
 * The caller's mistakes, found before anything is sent.
 *
 * @throws TypeError or RangeError for a chat that no server could answer
 */
export function checkChat({ model, messages, maxTokens, temperature }: Chat): void {
  if (model === '') throw new TypeError('chat.model is empty')
  if (messages.length === 0) throw new TypeError('chat.messages is empty')
  const orphan = messages.findIndex((message) => message.role === 'tool' && !message.toolCallId)
  if (orphan !== -1) throw new TypeError(`chat.messages[${orphan}] is a tool's answer and has no toolCallId`)
  if (maxTokens !== undefined && !(Number.isSafeInteger(maxTokens) && maxTokens > 0)) {
    throw new RangeError(`chat.maxTokens must be a whole number above 0, not ${maxTokens}`)
  }
  if (temperature !== undefined && !Number.isFinite(temperature)) {
    throw new RangeError(`chat.temperature must be a finite number, not ${temperature}`)
  }
}

/** What a key is called that nobody has named: the option it is given as. No provider looks into the environment by itself. */
export const KEY_OPTION = 'apiKey'

/** A `TypeError` for a key that cannot be sent, without repeating it: a line break from a file, most of the time. */
export function checkKey(apiKey: string | undefined, keyName: string): string | undefined {
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    const wrong = 'is empty, or contains a space, a line break or another character that no key has'
    throw new TypeError(`the API key (${keyName}) ${wrong}`)
  }
  return apiKey
}
