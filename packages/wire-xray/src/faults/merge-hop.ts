import { NOTHING } from '../joined.ts'
import { answerHop, leaveBytes } from './answer-hop.ts'
import type { AnswerHead } from './answer-part.ts'
import { createByteQueue } from './byte-queue.ts'
import { chunkOf } from './chunk-edit.ts'
import type { Hop, Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

/**
 * A buffer of so many bytes, which is flushed when it is full, and at the end. The head leaves with the first of it, and
 * takes some of its room, if it fits at all. What a chunked body is flushed in is chunks of its own. When the server breaks
 * off, a RST takes the buffer along.
 */
export function mergeHop(wanted: number, setup: HopSetup): Hop {
  const size = Math.min(wanted, setup.maxHeld)
  let head = NOTHING
  let framing: AnswerHead['framing'] = 'none'
  const content = createByteQueue()

  function room(): number {
    return head.length < size ? size - head.length : size
  }

  function leaveHead(leave: Leave): void {
    leaveBytes(head, leave)
    head = NOTHING
  }

  function flush(bytes: Uint8Array, leave: Leave): void {
    leaveHead(leave)
    leaveBytes(framing === 'chunked' ? chunkOf(bytes) : bytes, leave)
  }

  function fill(data: Uint8Array, leave: Leave): void {
    content.push(data)
    while (content.size >= room()) flush(content.take(room()), leave)
  }

  function flushAll(leave: Leave): void {
    flush(content.take(content.size), leave)
  }

  return answerHop(setup, {
    part(part, _now, leave) {
      switch (part.kind) {
        case 'head':
          framing = part.framing
          head = part.bytes
          return
        case 'data':
          return fill(part.data, leave)
        case 'end':
          flushAll(leave)
          return leaveBytes(part.bytes, leave)
        case 'cut':
          return fill(part.data, leave)
        default:
          flushAll(leave)
          return leaveBytes(part.bytes, leave)
      }
    },
    over(arrival, _now, leave) {
      if (arrival.kind === 'fin') flushAll(leave)
      else leaveHead(leave)
      leave(arrival)
    },
    get held() {
      return content.size
    },
  })
}
