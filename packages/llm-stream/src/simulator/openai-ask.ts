import { type Ask, PLAIN, type ToolChoice, type ToolSpec, type Turn } from './ask.ts'
import { type Params, required } from './params.ts'
import { Refusal } from './refusal.ts'
import { checkAnswered, checkChoice, readToolName, readTools } from './tools-param.ts'

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
  const tools = readTools(params, 'tools', readTool)
  const effort = params.string('reasoning_effort')
  return {
    ...PLAIN,
    model: required(params.string('model') || undefined, params, 'model'),
    turns: readTurns(params),
    stream,
    choices: params.integer('n', 1, MOST_CHOICES) ?? 1,
    maxTokens: params.integer('max_completion_tokens', 1) ?? params.integer('max_tokens', 1),
    stop: params.strings('stop', MOST_STOPS),
    seed: params.integer('seed', Number.MIN_SAFE_INTEGER) ?? 0,
    includeUsage: streamOptions?.boolean('include_usage') ?? false,
    tools,
    toolChoice: checkChoice(readToolChoice(params), tools, 'tool_choice'),
    parallelCalls: params.boolean('parallel_tool_calls') ?? true,
    reasoning: effort !== undefined && effort !== 'none',
  }
}

function readTool(tool: Params): ToolSpec {
  const type = required(tool.choice('type', ['function', 'custom']), tool, 'type')
  const described = required(tool.object(type), tool, type)
  const parameters = type === 'function' ? described.object('parameters') && described.value('parameters') : undefined
  return { name: readToolName(described), parameters, custom: type === 'custom' }
}

const CHOICES = ['none', 'auto', 'required'] as const

/** A word, or an object that names a tool: here under `function` or `custom`, in Responses beside the type. */
export function readToolChoice(params: Params): ToolChoice {
  if (typeof params.value('tool_choice') !== 'object') return params.choice('tool_choice', CHOICES) ?? 'auto'
  const choice = required(params.object('tool_choice'), params, 'tool_choice')
  const type = required(choice.string('type'), choice, 'type')
  const named = type === 'function' || type === 'custom' ? (choice.object(type) ?? choice) : undefined
  return named ? { name: readToolName(named) } : 'auto' // a tool that the service runs itself, or a list of allowed ones
}

function readTurns(params: Params): Turn[] {
  const messages = required(params.objects('messages'), params, 'messages')
  const calls = new Set<string>()
  if (messages.length > 0) return messages.map((message) => readTurn(message, calls))
  throw new Refusal(400, "'messages' must hold at least one message.", { param: 'messages', code: 'empty_array' })
}

function readTurn(message: Params, calls: Set<string>): Turn {
  const role = required(message.string('role'), message, 'role')
  if (!ROLES.includes(role)) {
    const param = message.path('role')
    throw new Refusal(400, `'${param}' must be one of ${ROLES.join(', ')}.`, { param, code: 'invalid_value' })
  }
  if (role === 'tool') {
    const id = required(message.string('tool_call_id'), message, 'tool_call_id')
    checkAnswered(id, calls, message.path('tool_call_id'))
  }
  const text = message.content('content')
  if (role !== 'assistant') return { role, text: required(text, message, 'content') }
  for (const call of message.objects('tool_calls') ?? []) calls.add(required(call.string('id'), call, 'id'))
  return { role, text: text ?? '' } // which can call tools instead, or refuse
}
