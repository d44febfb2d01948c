import { type Ask, PLAIN, type ToolSpec, type Turn } from './ask.ts'
import { type Params, required } from './params.ts'
import { readToolName, readTools } from './tools-param.ts'

const MOST_STOPS = 64

/** Reads the body of a request to `/api/chat`. It streams unless told not to. */
export function readChat(params: Params): Ask {
  return {
    ...readCommon(params),
    turns: required(params.objects('messages'), params, 'messages').map(readTurn),
    tools: readTools(params, 'tools', readTool),
  }
}

/** Reads the body of a request to `/api/generate`: a prompt, and no conversation. */
export function readGenerate(params: Params): Ask {
  const system = params.string('system')
  const prompt = required(params.string('prompt'), params, 'prompt')
  const turns = [...(system === undefined ? [] : [{ role: 'system', text: system }]), { role: 'user', text: prompt }]
  return { ...readCommon(params), turns }
}

function readCommon(params: Params): Ask {
  const options = params.object('options')
  const think = params.value('think')
  const most = options?.integer('num_predict', -2) ?? -1 // below 0: no limit
  return {
    ...PLAIN,
    model: required(params.string('model') || undefined, params, 'model'),
    turns: [],
    stream: params.boolean('stream') ?? true,
    maxTokens: most > 0 ? most : undefined,
    stop: options?.strings('stop', MOST_STOPS) ?? [],
    seed: options?.integer('seed', Number.MIN_SAFE_INTEGER) ?? 0,
    includeUsage: true,
    reasoning: think !== undefined && think !== false,
  }
}

function readTool(tool: Params): ToolSpec {
  const described = required(tool.object('function'), tool, 'function')
  return { name: readToolName(described), parameters: described.value('parameters'), custom: false }
}

function readTurn(message: Params): Turn {
  const role = required(message.choice('role', ['system', 'user', 'assistant', 'tool']), message, 'role')
  return { role, text: message.string('content') ?? '' }
}
