import { objectOf, parseJson } from '../json.ts'
import type { ToolCall } from '../outcome.ts'
import { isOwnId } from '../own-id.ts'
import type { ChatMessage } from '../provider.ts'
import { callBefore } from './call-before.ts'

interface Turn {
  readonly role: 'user' | 'model'
  readonly parts: unknown[]
}

/** Here a tool's answer names the function it is from, and answers to parallel calls are said in one turn. */
export function turnsOf(messages: readonly ChatMessage[]): Turn[] {
  const turns: Turn[] = []
  let answering = false
  messages.forEach(({ role, content, toolCalls = [], toolCallId = '' }, at) => {
    if (role === 'system') return
    if (role === 'tool') {
      if (!answering) turns.push({ role: 'user', parts: [] })
      answering = true
      turns.at(-1)?.parts.push(answerPart(callBefore(messages, at, toolCallId), content))
      return
    }
    answering = false
    const text = content === '' && toolCalls.length > 0 ? [] : [{ text: content }]
    turns.push({ role: role === 'user' ? 'user' : 'model', parts: [...text, ...toolCalls.map(callPart)] })
  })
  return turns
}

function callPart({ id, name, args, signature }: ToolCall): unknown {
  const functionCall = { ...idOf(id), name, args: objectOf(args) }
  return signature === undefined ? { functionCall } : { functionCall, thoughtSignature: signature }
}

/** An answer is an object here: what a tool says otherwise goes into one. */
function answerPart({ id, name }: ToolCall, content: string): unknown {
  const json = parseJson(content)
  const response =
    typeof json === 'object' && json !== null && !Array.isArray(json) ? json : { output: json ?? content }
  return { functionResponse: { ...idOf(id), name, response } }
}

/** An id of ours (`ToolCall.id`) is none to them. */
function idOf(id: string): { readonly id?: string } {
  return isOwnId(id) ? {} : { id }
}
