import type { ToolCallDelta } from '../events.ts'
import { parseJson } from '../json.ts'

/** A tool call's delta as it was found on the wire. */
export interface WireCall {
  readonly index: number | undefined
  readonly id: string
  readonly name: string
  readonly arguments: string
}

interface Slot {
  readonly wireIndex: number | undefined
  readonly chunk: number
  id: string
  name: string
  arguments: string
  tail: string // the last character, so that nobody flattens a long string to look at it
}

export interface ToolCallSlots {
  /** `chunk` numbers the event the delta came in: calls side by side in one event are different calls. */
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
  const slots: Slot[] = []

  function find(call: WireCall, chunk: number): Slot | undefined {
    const candidates = call.index === undefined ? slots : slots.filter((slot) => slot.wireIndex === call.index)
    if (call.id !== '') {
      const same = candidates.findLast((slot) => slot.id === call.id)
      if (same) return same
      const last = candidates.at(-1)
      return last?.id === '' && !startsAnother(last, call, chunk) ? last : undefined // an id that comes late
    }
    const last = candidates.at(-1)
    return last && !startsAnother(last, call, chunk) ? last : undefined
  }

  function take(call: WireCall, chunk: number): ToolCallDelta {
    let slot = find(call, chunk)
    if (!slot) {
      slot = { wireIndex: call.index, chunk, id: '', name: '', arguments: '', tail: '' }
      slots.push(slot)
    }
    const news = {
      ...(slot.id === '' && call.id !== '' && { id: call.id }),
      ...(slot.name === '' && call.name !== '' && { name: call.name }),
    }
    slot.id ||= call.id
    slot.name ||= call.name
    slot.arguments += call.arguments
    slot.tail = call.arguments.at(-1) ?? slot.tail
    return { kind: 'tool-call', choice, index: slots.indexOf(slot), ...news, arguments: call.arguments }
  }

  return { take }
}

/** Whether a delta with a name begins a call of its own although nothing but the name says so. */
function startsAnother(last: Slot, call: WireCall, chunk: number): boolean {
  if (call.name === '' || last.name === '') return false
  if (call.index === undefined && last.chunk === chunk) return true
  const closed = last.tail === '}' && parseJson(last.arguments) !== undefined
  return closed && (call.arguments !== '' || call.name !== last.name)
}
