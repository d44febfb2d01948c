import type { Ask, Turn } from './generate.ts'
import { type Params, required } from './params.ts'
import { Refusal } from './refusal.ts'

const ROLES = ['developer', 'system', 'user', 'assistant', 'tool', 'function']
const MOST_CHOICES = 128
const MOST_STOPS = 4

/** Reads the body of a request for a chat completion. What it does not name is let through and has no effect. */
export function readChatCompletion(params: Params): Ask {
  const stream = params.boolean('stream') ?? false
  const streamOptions = params.object('stream_options')
  if (streamOptions && !stream) {
    throw new Refusal(400, "'stream_options' is only allowed when 'stream' is true.", { param: 'stream_options' })
  }
  params.number('temperature', 0, 2)
  params.number('top_p', 0, 1)
  return {
    model: required(params.string('model') || undefined, params, 'model'),
    turns: readTurns(params),
    stream,
    choices: params.integer('n', 1, MOST_CHOICES) ?? 1,
    maxTokens: params.integer('max_completion_tokens', 1) ?? params.integer('max_tokens', 1),
    stop: params.strings('stop', MOST_STOPS),
    seed: params.integer('seed', Number.MIN_SAFE_INTEGER) ?? 0,
    includeUsage: streamOptions?.boolean('include_usage') ?? false,
  }
}

function readTurns(params: Params): Turn[] {
  const messages = required(params.objects('messages'), params, 'messages')
  if (messages.length > 0) return messages.map(readTurn)
  throw new Refusal(400, "'messages' must hold at least one message.", { param: 'messages', code: 'empty_array' })
}

function readTurn(message: Params): Turn {
  const role = required(message.string('role'), message, 'role')
  if (!ROLES.includes(role)) {
    const param = message.path('role')
    throw new Refusal(400, `'${param}' must be one of ${ROLES.join(', ')}.`, { param, code: 'invalid_value' })
  }
  const text = message.content('content')
  const mayBeWithout = role === 'assistant' // which can call tools instead, or refuse
  return { role, text: mayBeWithout ? (text ?? '') : required(text, message, 'content') }
}
