import type { ToolCallDelta } from '../events.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import { createPartialArgs, type PartialArgs } from './gemini-partial-args.ts'
import { assertRoomForCall } from './tool-call-limit.ts'

/** The function calls of one candidate. */
export interface GeminiCalls {
  readonly size: number
  take(call: JsonObject, signature: string): ToolCallDelta[]
  /** The candidate has stopped: a call that was still open is cut. */
  end(): ToolCallDelta[]
}

/**
 * A call comes whole, with its arguments as an object. Vertex can be asked to stream them: the name first, then
 * `partialArgs` by their paths, while `willContinue` says that there is more.
 */
export function createGeminiCalls(choice: number): GeminiCalls {
  let size = 0
  let open: { readonly index: number; readonly args: PartialArgs } | undefined

  function begin(call: JsonObject, text: string, signature: string): ToolCallDelta {
    assertRoomForCall(size)
    const id = textOf(call['id'])
    return {
      kind: 'tool-call',
      choice,
      index: size++,
      ...(id !== '' && { id }),
      name: textOf(call['name']),
      arguments: text,
      ...(signature !== '' && { signature }),
    }
  }

  /** What of an open call can be told: nothing of its arguments until they are whole, but that they go on. */
  function go(call: JsonObject): ToolCallDelta[] {
    if (!open) return []
    const { index, args } = open
    for (const part of listOf(call['partialArgs'])) args.set(objectOf(part))
    const whole = call['willContinue'] !== true
    if (whole) open = undefined
    return [{ kind: 'tool-call', choice, index, arguments: whole ? args.text() : '' }]
  }

  return {
    get size() {
      return size
    },
    take(call, signature) {
      const streams = call['willContinue'] === true || call['partialArgs'] !== undefined
      const name = textOf(call['name'])
      if (open && name === '') return go(call)
      const cut = endOpen()
      if (!streams) return [...cut, begin(call, JSON.stringify(objectOf(call['args'])), signature)]
      const first = begin(call, '', signature)
      open = { index: first.index, args: createPartialArgs() }
      return [...cut, first, ...go(call)]
    },
    end: () => endOpen(),
  }

  /** Without its last brace it stays what it is: cut. */
  function endOpen(): ToolCallDelta[] {
    if (!open) return []
    const { index, args } = open
    open = undefined
    return [{ kind: 'tool-call', choice, index, arguments: args.text().slice(0, -1) }]
  }
}
