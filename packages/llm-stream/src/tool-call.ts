import type { StopReason, ToolCallDelta } from './events.ts'
import { parseJson } from './json.ts'
import type { ToolCall } from './outcome.ts'

/** One tool call while it comes in. */
export interface CallSoFar {
  id: string
  name: string
  arguments: string
  custom: boolean
  signature: string | undefined
}

/** Adds a delta to the call it belongs to. */
export function takeDelta(calls: CallSoFar[], delta: ToolCallDelta): void {
  const call = calls[delta.index] ?? { id: '', name: '', arguments: '', custom: false, signature: undefined }
  calls[delta.index] = call
  call.id ||= delta.id ?? ''
  call.name ||= delta.name ?? ''
  call.arguments += delta.arguments
  call.custom ||= delta.custom ?? false
  call.signature ??= delta.signature
}

/** The call as far as it has come, judged by how its choice ended. `ownId` names one that has no id. */
export function toolCall(call: CallSoFar, stopReason: StopReason | undefined, ownId: string): ToolCall {
  const { name, arguments: text, custom, signature } = call
  const finished = stopReason === 'tool-calls' || stopReason === 'stop'
  const args = custom ? finishedText(text, finished) : parsed(text, finished)
  return {
    id: call.id || ownId,
    name,
    arguments: text,
    args: args ?? null,
    complete: args !== undefined,
    ...(custom && { custom }),
    ...(signature !== undefined && { signature }),
  }
}

/** The arguments, or `undefined` while more of them may come. */
function parsed(text: string, finished: boolean): unknown {
  // A function without parameters is called with no text at all by some; only the end tells that from a cut.
  if (text === '') return finished ? {} : undefined
  const args = parseJson(text)
  // `12` may have been going to be `123`; a closing brace is final.
  return finished || (typeof args === 'object' && args !== null) ? args : undefined
}

/** Any text is a whole one to look at: only the end says that it is. */
function finishedText(text: string, finished: boolean): string | undefined {
  return finished ? text : undefined
}
