import { overrideHeaders } from '@sse-from-scratch/http-raw/headers'
import { objectOf } from '../json.ts'
import type { Chat, ChatMessage, Provider, ProviderOptions } from '../provider.ts'
import { checkBaseUrl } from './base-url.ts'
import { callBefore } from './call-before.ts'
import { errorReader } from './error-reader.ts'
import { createOllamaMapper } from './ollama-mapper.ts'
import { checkChat, checkKey, KEY_OPTION } from './request-checks.ts'
import { toolList } from './tool-list.ts'

/**
 * Ollama's own chat, a line of JSON after the other. `baseUrl` is everything before `/api/chat`; the default is where
 * Ollama listens, on this machine. (It speaks `openai()` too, at `/v1`.)
 *
 * @throws TypeError for a base URL or a key that cannot work
 */
export function ollama(options: ProviderOptions = {}): Provider {
  const { keyName = KEY_OPTION, headers = {} } = options
  const apiKey = checkKey(options.apiKey, keyName)
  const address = checkBaseUrl(options.baseUrl ?? 'http://127.0.0.1:11434', options.baseUrlName)
  const baseUrl = address.replace(/\/api$/, '') // our path has it
  const auth = apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }
  return {
    name: 'ollama',
    baseUrl,
    baseUrlName: options.baseUrlName,
    modelsPath: '/api/tags',
    request(chat) {
      checkChat(chat)
      const accept = { Accept: 'application/x-ndjson' }
      return { path: '/api/chat', headers: overrideHeaders({ ...accept, ...auth }, headers), body: bodyOf(chat) }
    },
    createMapper: () => createOllamaMapper('ollama'),
    readError: errorReader({ service: 'Ollama', host: 'ollama.com', baseUrl, keyName, apiKey, headers }),
  }
}

function bodyOf({ model, messages, maxTokens, temperature, tools, extra }: Chat): unknown {
  const options = { num_predict: maxTokens, temperature, ...objectOf(extra?.['options']) }
  return {
    model,
    messages: messages.map((message, at) => messageOf(message, at, messages)),
    tools: toolList(tools, (tool) => ({ type: 'function', function: tool })),
    ...extra,
    options: Object.values(options).some((value) => value !== undefined) ? options : undefined,
    stream: true,
  }
}

/** Here calls have no ids: an answer says which tool it is from. */
function messageOf(
  { role, content, toolCalls, toolCallId = '' }: ChatMessage,
  at: number,
  all: readonly ChatMessage[],
): unknown {
  if (role === 'tool') return { role, content, tool_name: callBefore(all, at, toolCallId).name }
  if (!toolCalls?.length) return { role, content }
  const calls = toolCalls.map(({ name, args }) => ({ function: { name, arguments: objectOf(args) } }))
  return { role, content, tool_calls: calls }
}
