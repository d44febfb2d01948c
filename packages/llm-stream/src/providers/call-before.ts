import type { ToolCall } from '../outcome.ts'
import type { ChatMessage } from '../provider.ts'

/**
 * The call that the message at `end` answers: the latest of that id, since an id of ours is only unique in its turn.
 *
 * @throws TypeError when there is none
 */
export function callBefore(messages: readonly ChatMessage[], end: number, id: string): ToolCall {
  for (const { toolCalls } of messages.slice(0, end).reverse()) {
    const call = toolCalls?.find((one) => one.id === id)
    if (call) return call
  }
  throw new TypeError(`chat.messages[${end}] answers ${JSON.stringify(id)}, and no message before it calls that`)
}
