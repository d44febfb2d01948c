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

/** The base URL without slashes at its end, or a `TypeError` that does not repeat it: it may hold a password. */
export function checkBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new TypeError('the base URL must begin with http:// or https://')
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('the base URL must not contain a user or a password: use headers')
  }
  return baseUrl.trim().replace(/[/#]+$/, '')
}

/** A `TypeError` for a key that cannot be sent, without repeating it: a line break from a file, most of the time. */
export function checkKey(apiKey: string | undefined): string | undefined {
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey is empty, or contains a space, a line break or another character that no key has')
  }
  return apiKey
}
