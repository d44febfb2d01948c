import { type Ask, PLAIN, type ToolChoice, type ToolSpec, type Turn } from './ask.ts'
import { type Params, required } from './params.ts'
import { Refusal } from './refusal.ts'
import { checkChoice, readToolName, readTools } from './tools-param.ts'
import type { Target } from './wire-format.ts'

const MOST_STOPS = 5
const MOST_CHOICES = 8

/** Reads the body of a request to generate content. What it does not name is let through and has no effect. */
export function readGenerateContent(params: Params, { model, stream }: Target): Ask {
  const config = params.object('generationConfig')
  config?.number('temperature', 0, 2)
  config?.number('topP', 0, 1)
  const system = params.object('systemInstruction')
  const tools = readTools(params, 'tools', readDeclarations)
  const thinking = config?.object('thinkingConfig')
  return {
    ...PLAIN,
    model: required(model, params, 'model'),
    turns: [...(system ? [{ role: 'system', text: readParts(system) }] : []), ...readTurns(params)],
    stream: stream ?? false,
    choices: config?.integer('candidateCount', 1, MOST_CHOICES) ?? 1,
    maxTokens: config?.integer('maxOutputTokens', 1),
    stop: config?.strings('stopSequences', MOST_STOPS) ?? [],
    seed: config?.integer('seed', Number.MIN_SAFE_INTEGER) ?? 0,
    includeUsage: true,
    tools,
    toolChoice: checkChoice(readChoice(params), tools, 'toolConfig'),
    reasoning: thinking?.boolean('includeThoughts') ?? false,
  }
}

/** One tool is a list of functions; or it is one that the service runs itself, and this one runs none. */
function readDeclarations(tool: Params): readonly ToolSpec[] {
  return (tool.objects('functionDeclarations') ?? []).map((declared) => ({
    name: readToolName(declared),
    parameters: declared.value('parametersJsonSchema') ?? declared.value('parameters'),
    custom: false,
  }))
}

function readChoice(params: Params): ToolChoice {
  const config = params.object('toolConfig')?.object('functionCallingConfig')
  const mode = config?.choice('mode', ['AUTO', 'ANY', 'NONE', 'VALIDATED', 'MODE_UNSPECIFIED'])
  if (mode === 'NONE') return 'none'
  if (mode !== 'ANY') return 'auto'
  const [only] = config?.strings('allowedFunctionNames', 128) ?? []
  return only === undefined ? 'required' : { name: only }
}

function readTurns(params: Params): readonly Turn[] {
  const contents = required(params.objects('contents'), params, 'contents')
  if (contents.length === 0) throw new Refusal(400, '* GenerateContentRequest.contents: contents is not specified')
  return contents.map((content) => {
    const role = content.choice('role', ['user', 'model', 'function']) ?? 'user'
    const parts = required(content.objects('parts'), content, 'parts')
    const answered = parts.some((part) => part.object('functionResponse') !== undefined)
    return { role: answered ? 'tool' : role === 'model' ? 'assistant' : role, text: readParts(content) }
  })
}

function readParts(content: Params): string {
  return required(content.objects('parts'), content, 'parts')
    .map((part) => part.string('text') ?? '[part]')
    .join('\n')
}
