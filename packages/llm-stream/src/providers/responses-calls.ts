import type { ToolCallDelta } from '../events.ts'
import { type JsonObject, textOf } from '../json.ts'
import { assertRoomForCall } from './tool-call-limit.ts'

/** The calls among the output items of one response. */
export interface ResponseCalls {
  readonly size: number
  /** An item that is a call has begun. */
  open(item: JsonObject, outputIndex: unknown): ToolCallDelta[]
  /** More of the arguments, or of a custom tool's input. */
  fill(event: JsonObject): ToolCallDelta[]
  /** All of them at once: news only to those who got no pieces. */
  whole(event: JsonObject, text: string): ToolCallDelta[]
  /** The item as it is in the end. */
  close(item: JsonObject, outputIndex: unknown): ToolCallDelta[]
}

interface Call {
  readonly index: number
  readonly custom: boolean
  id: string
  name: string
  filled: boolean
  closed: boolean
}

/** Items the caller has to answer. The others (searches, interpreters, MCP) are run by the service itself. */
export function isCall(item: JsonObject): boolean {
  return item['type'] === 'function_call' || item['type'] === 'custom_tool_call'
}

/**
 * Finds out which call a delta belongs to. The format says `item_id` and `output_index`, while the answer to a call
 * names its `call_id`. Servers leave out the index, or the item's id, or call the item by its `call_id`.
 */
export function createResponseCalls(): ResponseCalls {
  const calls = new Map<string, Call>() // by item id, by call id, and by `#` and output index
  let size = 0
  let last: Call | undefined

  function find(ids: readonly string[], outputIndex: unknown): Call | undefined {
    const named = ids.filter((id) => id !== '')
    for (const id of named) {
      const call = calls.get(id)
      if (call) return call
    }
    return typeof outputIndex === 'number' ? calls.get(`#${outputIndex}`) : undefined
  }

  function begin(ids: readonly string[], outputIndex: unknown, custom: boolean): Call {
    assertRoomForCall(size)
    const call = { index: size++, custom, id: '', name: '', filled: false, closed: false }
    for (const id of ids) if (id !== '') calls.set(id, call)
    if (typeof outputIndex === 'number') calls.set(`#${outputIndex}`, call)
    last = call
    return call
  }

  /** The call of a delta. One that names nobody we know goes on with the call that is open. */
  function callOf(event: JsonObject): Call {
    const ids = [textOf(event['item_id'])]
    const known = find(ids, event['output_index']) ?? (last?.closed === false ? last : undefined)
    return (
      known ?? begin(ids, event['output_index'], textOf(event['type']).startsWith('response.custom_tool_call_input.'))
    )
  }

  function learn(call: Call, item: JsonObject, text: string): ToolCallDelta[] {
    const id = textOf(item['call_id']) || textOf(item['id'])
    const name = textOf(item['name'])
    const news = {
      ...(call.id === '' && id !== '' && { id }),
      ...(call.name === '' && name !== '' && { name }),
    }
    Object.assign(call, news)
    return Object.keys(news).length > 0 || text !== '' ? [deltaOf(call, text, news)] : []
  }

  function open(item: JsonObject, outputIndex: unknown): ToolCallDelta[] {
    const ids = [textOf(item['id']), textOf(item['call_id'])]
    const known = find(ids, ids.some((id) => id !== '') ? undefined : outputIndex)
    return learn(known ?? begin(ids, outputIndex, item['type'] === 'custom_tool_call'), item, '')
  }

  function whole(event: JsonObject, text: string): ToolCallDelta[] {
    const call = callOf(event)
    return call.filled || text === '' ? [] : [deltaOf(call, text)]
  }

  return {
    get size() {
      return size
    },
    open,
    fill: (event) => {
      const text = textOf(event['delta'])
      return text === '' ? [] : [deltaOf(callOf(event), text)]
    },
    whole,
    close(item, outputIndex) {
      const ids = [textOf(item['id']), textOf(item['call_id'])]
      const call = find(ids, outputIndex) ?? begin(ids, outputIndex, item['type'] === 'custom_tool_call')
      const text = call.filled ? '' : textOf(item['arguments']) || textOf(item['input'])
      call.closed = true
      return learn(call, item, text)
    },
  }
}

function deltaOf(call: Call, text: string, news: { readonly id?: string; readonly name?: string } = {}): ToolCallDelta {
  call.filled ||= text !== ''
  return {
    kind: 'tool-call',
    choice: 0,
    index: call.index,
    ...news,
    arguments: text,
    ...(call.custom && { custom: true }),
  }
}
