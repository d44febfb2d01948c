import type { ToolChoice, ToolSpec } from './ask.ts'
import { type Params, required } from './params.ts'
import { Refusal } from './refusal.ts'

/** More tools than this are refused. */
const MOST_TOOLS = 128

/** The name of a tool, which all services hold to the same few characters. */
export function readToolName(tool: Params): string {
  const name = required(tool.string('name') || undefined, tool, 'name')
  if (/^[a-zA-Z0-9_.:-]{1,128}$/.test(name)) return name
  const param = tool.path('name')
  throw new Refusal(400, `'${param}' may have letters, digits, _ and - only, at most 128 of them.`, {
    param,
    code: 'invalid_value',
  })
}

/** The tools of a request; `read` may find that one is none that the client runs. */
export function readTools(
  params: Params,
  name: string,
  read: (tool: Params) => ToolSpec | readonly ToolSpec[] | undefined,
): readonly ToolSpec[] {
  const tools = params.objects(name) ?? []
  if (tools.length > MOST_TOOLS) {
    throw new Refusal(400, `'${name}' may hold at most ${MOST_TOOLS} tools.`, {
      param: name,
      code: 'array_above_max_length',
    })
  }
  return tools.flatMap((tool) => read(tool) ?? [])
}

/** A choice must be of a tool that is there. */
export function checkChoice(choice: ToolChoice, tools: readonly ToolSpec[], param: string): ToolChoice {
  const unknown = typeof choice === 'object' && !tools.some(({ name }) => name === choice.name)
  const baseless = choice === 'required' && tools.length === 0
  if (!unknown && !baseless) return choice
  throw new Refusal(400, `'${param}' must be one of the tools.`, { param, code: 'invalid_value' })
}

/** An answer of a tool must be to a call: the ids of `calls` are those made so far. */
export function checkAnswered(id: string, calls: ReadonlySet<string>, param: string): void {
  if (calls.has(id)) return
  throw new Refusal(400, `'${param}' must be the id of a call that was made before.`, { param, code: 'invalid_value' })
}
