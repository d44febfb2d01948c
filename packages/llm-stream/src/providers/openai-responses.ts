import { listOf, objectOf } from '../json.ts'
import type { Chat, ChatMessage, Provider, ProviderOptions } from '../provider.ts'
import { type OpenaiServer, openaiService } from './openai-service.ts'
import { createResponsesMapper } from './responses-mapper.ts'
import { toolList } from './tool-list.ts'

const NAME = 'openai-responses'

/**
 * Responses, as OpenAI and the servers that follow it stream them. `baseUrl` is everything before `/responses`; an
 * address without any path is taken to mean its `/v1`.
 *
 * @throws TypeError for a base URL or a key that cannot work
 */
export function openaiResponses(options: ProviderOptions = {}): Provider {
  const format = { name: NAME, path: '/responses', bodyOf, createMapper: createResponsesMapper }
  return openaiService(format, options)
}

// Here a function is strict unless it says that it is not, and a strict one refuses schemas that all others take.
function bodyOf({ model, messages, maxTokens, temperature, tools, extra }: Chat, server: OpenaiServer): unknown {
  return {
    model,
    input: messages.flatMap((message) => itemsOf(message, messages)),
    max_output_tokens: maxTokens,
    temperature,
    tools: toolList(tools, (tool) => ({ type: 'function', ...tool, strict: false })),
    ...extra,
    stream: true,
    ...(server === 'openai' && {
      stream_options: { include_obfuscation: false, ...objectOf(extra?.['stream_options']) },
    }),
  }
}

/** A turn of ours may be several items here: each call is one, and so is each answer to one. */
function itemsOf(message: ChatMessage, all: readonly ChatMessage[]): readonly unknown[] {
  const { role, content, toolCalls = [], toolCallId, turn } = message
  if (role === 'assistant' && turn?.provider === NAME) return listOf(turn.content)
  if (role === 'tool') {
    const custom = all.some((turn) => turn.toolCalls?.some((call) => call.id === toolCallId && call.custom))
    return [{ type: custom ? 'custom_tool_call_output' : 'function_call_output', call_id: toolCallId, output: content }]
  }
  const calls = toolCalls.map(({ id, name, arguments: text, custom }) =>
    custom
      ? { type: 'custom_tool_call', call_id: id, name, input: text }
      : { type: 'function_call', call_id: id, name, arguments: text || '{}' },
  )
  return content === '' && calls.length > 0 ? calls : [{ role, content }, ...calls]
}
