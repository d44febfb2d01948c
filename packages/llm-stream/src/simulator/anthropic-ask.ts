import { type Ask, PLAIN, type ToolChoice, type ToolSpec, type Turn } from './ask.ts'
import { type Params, required } from './params.ts'
import { Refusal } from './refusal.ts'
import { checkAnswered, checkChoice, readToolName, readTools } from './tools-param.ts'

const CHOICES = ['auto', 'any', 'none', 'tool'] as const
const ROLES = ['user', 'assistant', 'system']
const MOST_STOPS = 8191
const LEAST_THOUGHT = 1024

/** Reads the body of a request for a message. What it does not name is let through and has no effect. */
export function readMessagesRequest(params: Params): Ask {
  const model = required(params.string('model') || undefined, params, 'model')
  params.number('temperature', 0, 1)
  params.number('top_p', 0, 1)
  const system = params.content('system')
  const maxTokens = required(params.integer('max_tokens', 1), params, 'max_tokens')
  const tools = readTools(params, 'tools', readTool)
  const choice = params.object('tool_choice')
  return {
    ...PLAIN,
    model,
    turns: [...(system === undefined ? [] : [{ role: 'system', text: system }]), ...readTurns(params)],
    stream: params.boolean('stream') ?? false,
    maxTokens,
    stop: params.strings('stop_sequences', MOST_STOPS),
    includeUsage: true,
    tools,
    toolChoice: checkChoice(readChoice(choice), tools, 'tool_choice'),
    parallelCalls: !(choice?.boolean('disable_parallel_tool_use') ?? false),
    reasoning: readThinking(params, maxTokens),
  }
}

/** A tool without a schema is one that the service runs itself: this one runs none. */
function readTool(tool: Params): ToolSpec | undefined {
  const name = readToolName(tool)
  if (tool.string('type') !== undefined && tool.string('type') !== 'custom') return undefined
  required(tool.object('input_schema'), tool, 'input_schema')
  return { name, parameters: tool.value('input_schema'), custom: false }
}

function readChoice(choice: Params | undefined): ToolChoice {
  if (!choice) return 'auto'
  const type = required(choice.choice('type', CHOICES), choice, 'type')
  if (type === 'tool') return { name: readToolName(choice) }
  return type === 'any' ? 'required' : type
}

function readThinking(params: Params, maxTokens: number): boolean {
  const thinking = params.object('thinking')
  if (!thinking) return false
  const type = required(thinking.choice('type', ['enabled', 'disabled', 'adaptive']), thinking, 'type')
  if (type !== 'enabled') return type === 'adaptive'
  const budget = required(thinking.integer('budget_tokens', LEAST_THOUGHT), thinking, 'budget_tokens')
  if (budget < maxTokens) return true
  throw new Refusal(400, '`max_tokens` must be greater than `thinking.budget_tokens`')
}

function readTurns(params: Params): Turn[] {
  const messages = required(params.objects('messages'), params, 'messages')
  if (messages.length === 0) throw new Refusal(400, 'messages: at least one message is required')
  const calls = new Set<string>()
  const turns = messages.map((message, i) => readTurn(message, i === messages.length - 1, calls))
  if (turns[0]?.role === 'assistant') throw new Refusal(400, "messages: the first message cannot be the assistant's")
  return turns
}

function readTurn(message: Params, isLast: boolean, calls: Set<string>): Turn {
  const role = required(message.string('role'), message, 'role')
  if (!ROLES.includes(role)) throw new Refusal(400, `${message.path('role')}: must be one of ${ROLES.join(', ')}`)
  const text = required(message.content('content'), message, 'content')
  const mayBeEmpty = role === 'assistant' && isLast // the start of an answer, to be gone on with
  if (text === '' && !mayBeEmpty) throw new Refusal(400, `${message.path('content')}: must not be empty`)
  return { role: answersTool(message, calls) ? 'tool' : role, text }
}

/** Whether a message brings the result of a tool; remembers the calls it finds. */
function answersTool(message: Params, calls: Set<string>): boolean {
  if (!Array.isArray(message.value('content'))) return false
  const parts = message.objects('content') ?? []
  for (const part of parts) {
    const type = part.string('type')
    if (type === 'tool_use') calls.add(required(part.string('id'), part, 'id'))
    if (type !== 'tool_result') continue
    checkAnswered(required(part.string('tool_use_id'), part, 'tool_use_id'), calls, part.path('tool_use_id'))
  }
  return parts.some((part) => part.string('type') === 'tool_result')
}
