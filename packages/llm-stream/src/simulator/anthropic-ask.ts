import type { Ask, Turn } from './generate.ts'
import { type Params, required } from './params.ts'
import { Refusal } from './refusal.ts'

const ROLES = ['user', 'assistant', 'system']
const MOST_STOPS = 8191

/** Reads the body of a request for a message. What it does not name is let through and has no effect. */
export function readMessagesRequest(params: Params): Ask {
  params.number('temperature', 0, 1)
  params.number('top_p', 0, 1)
  const system = params.content('system')
  return {
    model: required(params.string('model') || undefined, params, 'model'),
    turns: [...(system === undefined ? [] : [{ role: 'system', text: system }]), ...readTurns(params)],
    stream: params.boolean('stream') ?? false,
    choices: 1,
    maxTokens: required(params.integer('max_tokens', 1), params, 'max_tokens'),
    stop: params.strings('stop_sequences', MOST_STOPS),
    seed: 0,
    includeUsage: true,
  }
}

function readTurns(params: Params): Turn[] {
  const messages = required(params.objects('messages'), params, 'messages')
  if (messages.length === 0) throw new Refusal(400, 'messages: at least one message is required')
  const turns = messages.map((message, i) => readTurn(message, i === messages.length - 1))
  if (turns[0]?.role === 'assistant') throw new Refusal(400, "messages: the first message cannot be the assistant's")
  return turns
}

function readTurn(message: Params, isLast: boolean): Turn {
  const role = required(message.string('role'), message, 'role')
  if (!ROLES.includes(role)) throw new Refusal(400, `${message.path('role')}: must be one of ${ROLES.join(', ')}`)
  const text = required(message.content('content'), message, 'content')
  const mayBeEmpty = role === 'assistant' && isLast // the start of an answer, to be gone on with
  if (text === '' && !mayBeEmpty) throw new Refusal(400, `${message.path('content')}: must not be empty`)
  return { role, text }
}
