import type { LlmEvent } from '../events.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import { spoken } from './spoken.ts'
import { assertRoomForCall } from './tool-call-limit.ts'

/** The content blocks of one message: opened, filled and closed by number, possibly overlapping. */
export interface Blocks {
  /** @throws LlmError `LLM_PROTOCOL` for one tool call more than `MAX_TOOL_CALLS` */
  open(at: unknown, block: JsonObject): LlmEvent[]
  fill(at: unknown, delta: JsonObject): LlmEvent[]
  /** A call without any input is left as it is: the token limit may have cut it, and only the stop_reason tells. */
  close(at: unknown): LlmEvent[]
}

interface ToolBlock {
  readonly index: number
  readonly input: unknown // what the block began with; used if nothing follows
  filled: boolean
}

/** What only their own server runs (server_tool_use and its results) is none of the caller's calls and is left out. */
export function createBlocks(): Blocks {
  const tools = new Map<unknown, ToolBlock>()
  let calls = 0 // not `tools.size`: a proxy that gives every block the same number still means another call

  function openTool(at: unknown, block: JsonObject): LlmEvent[] {
    assertRoomForCall(calls)
    const index = calls++
    tools.set(at, { index, input: block['input'], filled: false })
    return [toolCall(index, '', { id: textOf(block['id']), name: textOf(block['name']) })]
  }

  return {
    open(at, block) {
      switch (block['type']) {
        case 'text':
          return [...spoken('text', block['text']), ...listOf(block['citations']).map(citationOf)]
        case 'thinking':
          return spoken('reasoning', block['thinking'])
        case 'tool_use':
          return openTool(at, block)
        default:
          return []
      }
    },
    fill(at, delta) {
      switch (delta['type']) {
        case 'text_delta':
          return spoken('text', delta['text'])
        case 'thinking_delta':
          return spoken('reasoning', delta['thinking'])
        case 'citations_delta':
          return [citationOf(delta['citation'])]
        case 'input_json_delta': {
          const tool = tools.get(at)
          const json = textOf(delta['partial_json'])
          if (!tool || json === '') return []
          tool.filled = true
          return [toolCall(tool.index, json)]
        }
        default: // signatures are for the server that made them
          return []
      }
    },
    close(at) {
      const tool = tools.get(at)
      if (!tool || tool.filled || Object.keys(objectOf(tool.input)).length === 0) return []
      tool.filled = true
      return [toolCall(tool.index, JSON.stringify(tool.input))]
    },
  }
}

function citationOf(citation: unknown): LlmEvent {
  return { kind: 'citation', choice: 0, citation }
}

function toolCall(index: number, json: string, news: { readonly id?: string; readonly name?: string } = {}): LlmEvent {
  return { kind: 'tool-call', choice: 0, index, ...news, arguments: json }
}
