import type { StopReason, ToolCallDelta } from './events.ts'
import { parseJson } from './json.ts'
import type { ToolCall } from './outcome.ts'

/** One tool call while it comes in. */
export interface CallSoFar {
  id: string
  name: string
  arguments: string
}

/** Adds a delta to the call it belongs to. */
export function takeDelta(calls: CallSoFar[], delta: ToolCallDelta): void {
  const call = calls[delta.index] ?? { id: '', name: '', arguments: '' }
  calls[delta.index] = call
  call.id ||= delta.id ?? ''
  call.name ||= delta.name ?? ''
  call.arguments += delta.arguments
}

/** The call as far as it has come, judged by how its choice ended. */
export function toolCall(call: CallSoFar, stopReason: StopReason | undefined): ToolCall {
  const finished = stopReason === 'tool-calls' || stopReason === 'stop'
  // A function without parameters is called with no text at all by some; only the end tells that from a cut.
  const args = call.arguments === '' && finished ? {} : parseJson(call.arguments)
  // `12` may have been going to be `123`; a closing brace is final.
  const whole = args !== undefined && (finished || (typeof args === 'object' && args !== null))
  return { ...call, args: whole ? args : null, complete: whole }
}
