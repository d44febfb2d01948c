import { LlmError } from '../errors.ts'

/** Answers one request may get side by side (`n`): each costs us more than its bytes. */
export const MAX_CHOICES = 1024

/** @throws LlmError `LLM_PROTOCOL` when there is no room for one more than there are */
export function assertRoomForChoice(choices: number): void {
  if (choices < MAX_CHOICES) return
  throw new LlmError('LLM_PROTOCOL', `more than ${MAX_CHOICES} choices in one answer`)
}
