import type { ToolCallDelta } from '../events.ts'
import { createJsonEnd, type JsonEnd } from './json-end.ts'
import { assertRoomForCall } from './tool-call-limit.ts'

/** A tool call's delta as it was found on the wire. */
export interface WireCall {
  readonly index: number | undefined
  readonly id: string
  readonly name: string
  readonly arguments: string
  /** A custom tool's arguments are any text. */
  readonly custom: boolean
  /** Empty where there is none. */
  readonly signature: string
}

interface Slot {
  readonly index: number // ours: the order in which calls began
  readonly wireIndex: number | undefined
  readonly chunk: number
  readonly end: JsonEnd // of its arguments
  id: string
  name: string
  custom: boolean
}

export interface ToolCallSlots {
  readonly size: number
  /**
   * `chunk` numbers the event the delta came in: calls side by side in one event are different calls.
   *
   * @throws LlmError `LLM_PROTOCOL` for one call more than `MAX_TOOL_CALLS`
   */
  take(call: WireCall, chunk: number): ToolCallDelta
}

/**
 * Finds out which call of one choice a delta belongs to.
 *
 * The format says `index`. Servers say: the same index for parallel calls (a new id starts a new call), no index at
 * all (so does a name), a name that comes late, or again with every delta, an empty id. Merging two calls hands somebody
 * `{"path":"a"}{"path":"b"}`, splitting one hands them half of it: hence this much care.
 */
export function createToolCallSlots(choice: number): ToolCallSlots {
  const lasts = new Map<number | undefined, Slot>() // by the wire's index; under `undefined` the last of all
  const named = new Map<string, Slot>() // by index and id
  let size = 0

  function find(call: WireCall, chunk: number): Slot | undefined {
    const same = call.id === '' ? undefined : named.get(keyOf(call.index, call.id))
    if (same) return same
    const last = lasts.get(call.index)
    if (!last || startsAnother(last, call, chunk)) return undefined
    return call.id === '' || last.id === '' ? last : undefined // an id may come late, and only once
  }

  function begin(call: WireCall, chunk: number): Slot {
    assertRoomForCall(size)
    const slot = { index: size++, wireIndex: call.index, chunk, end: createJsonEnd(), id: '', name: '', custom: false }
    lasts.set(call.index, slot).set(undefined, slot)
    return slot
  }

  function take(call: WireCall, chunk: number): ToolCallDelta {
    const slot = find(call, chunk) ?? begin(call, chunk)
    const news = {
      ...(slot.id === '' && call.id !== '' && { id: call.id }),
      ...(slot.name === '' && call.name !== '' && { name: call.name }),
    }
    Object.assign(slot, news)
    if (news.id !== undefined) named.set(keyOf(slot.wireIndex, slot.id), slot).set(keyOf(undefined, slot.id), slot)
    slot.end.push(call.arguments)
    slot.custom ||= call.custom
    return {
      kind: 'tool-call',
      choice,
      index: slot.index,
      ...news,
      arguments: call.arguments,
      ...(slot.custom && { custom: true }),
      ...(call.signature !== '' && { signature: call.signature }),
    }
  }

  return {
    get size() {
      return size
    },
    take,
  }
}

function keyOf(index: number | undefined, id: string): string {
  return `${index ?? ''} ${id}`
}

/** Whether a delta with a name begins a call of its own although nothing but the name says so. */
function startsAnother(last: Slot, call: WireCall, chunk: number): boolean {
  if (call.name === '' || last.name === '') return false
  if (call.index === undefined && last.chunk === chunk) return true
  return last.end.reached && (call.arguments !== '' || call.name !== last.name)
}
