import { type Ask, PLAIN, type ToolSpec, type Turn } from './ask.ts'
import { readToolChoice } from './openai-ask.ts'
import { type Params, required } from './params.ts'
import { Refusal } from './refusal.ts'
import { checkAnswered, checkChoice, readToolName, readTools } from './tools-param.ts'

const ROLES = ['developer', 'system', 'user', 'assistant'] as const

/** Reads the body of a request for a response. What it does not name is let through and has no effect. */
export function readResponsesRequest(params: Params): Ask {
  params.number('temperature', 0, 2)
  params.number('top_p', 0, 1)
  const instructions = params.string('instructions')
  const tools = readTools(params, 'tools', readTool)
  const effort = params.object('reasoning')?.string('effort')
  const summary = params.object('reasoning')?.string('summary')
  return {
    ...PLAIN,
    model: required(params.string('model') || undefined, params, 'model'),
    turns: [...(instructions === undefined ? [] : [{ role: 'system', text: instructions }]), ...readInput(params)],
    stream: params.boolean('stream') ?? false,
    maxTokens: params.integer('max_output_tokens', 16),
    includeUsage: true,
    tools,
    toolChoice: checkChoice(readToolChoice(params), tools, 'tool_choice'),
    store: params.boolean('store') ?? true,
    background: params.boolean('background') ?? false,
    parallelCalls: params.boolean('parallel_tool_calls') ?? true,
    reasoning: summary !== undefined || (effort !== undefined && effort !== 'none'),
  }
}

/** Tools of other types are run by the service: this one runs none. */
function readTool(tool: Params): ToolSpec | undefined {
  const type = required(tool.string('type'), tool, 'type')
  if (type !== 'function' && type !== 'custom') return undefined
  const parameters = tool.object('parameters') && tool.value('parameters')
  return { name: readToolName(tool), parameters, custom: type === 'custom' }
}

function readInput(params: Params): readonly Turn[] {
  if (typeof params.value('input') === 'string') return [{ role: 'user', text: params.string('input') ?? '' }]
  const items = required(params.objects('input'), params, 'input')
  if (items.length === 0) throw new Refusal(400, "'input' must hold at least one item.", { param: 'input' })
  const calls = new Set<string>()
  return items.flatMap((item) => readItem(item, calls) ?? [])
}

/** Items of other types are the service's own, given back to it. */
function readItem(item: Params, calls: Set<string>): Turn | undefined {
  const type = item.string('type') ?? 'message'
  if (type === 'message') {
    const role = required(item.choice('role', ROLES), item, 'role')
    return { role, text: required(item.content('content'), item, 'content') }
  }
  if (type === 'function_call' || type === 'custom_tool_call') {
    calls.add(required(item.string('call_id'), item, 'call_id'))
    return { role: 'assistant', text: '' }
  }
  if (type !== 'function_call_output' && type !== 'custom_tool_call_output') return undefined
  checkAnswered(required(item.string('call_id'), item, 'call_id'), calls, item.path('call_id'))
  return { role: 'tool', text: required(item.content('output'), item, 'output') }
}
