import { LlmError } from '../errors.ts'

/** Tool calls one choice may have: services allow some tens at once, and each costs us more than its bytes. */
export const MAX_TOOL_CALLS = 1024

/** @throws LlmError `LLM_PROTOCOL` when there is no room for one more than there are */
export function assertRoomForCall(calls: number): void {
  if (calls < MAX_TOOL_CALLS) return
  throw new LlmError('LLM_PROTOCOL', `more than ${MAX_TOOL_CALLS} tool calls in one choice`)
}
