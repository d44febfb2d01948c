import type { Tool } from '../provider.ts'

/** The tools as a format writes them; none at all is no list: an empty one is refused by OpenAI, Azure and Mistral. */
export function toolList(tools: readonly Tool[] = [], write: (tool: Tool) => unknown): readonly unknown[] | undefined {
  return tools.length > 0 ? tools.map((tool) => write(tool)) : undefined
}
