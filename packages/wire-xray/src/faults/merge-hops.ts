import { answerHop, leaveBytes } from './answer-hop.ts'
import type { AnswerHead } from './answer-parts.ts'
import { createByteQueue } from './byte-queue.ts'
import { joined, NOTHING } from './bytes.ts'
import { chunkOf } from './chunk-edit.ts'
import { createEventPlaces } from './event-places.ts'
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

/** What a socket that is corked holds at most: one segment of the loopback interface. */
const SEGMENT = 64 * 1024

/** What comes is sent `milliseconds` after the first of it, or with the end of the answer, or when there is a segment of it. */
export function corkHop(milliseconds: number, setup: HopSetup): Hop {
  let held: Uint8Array[] = []
  let size = 0
  let due = Number.POSITIVE_INFINITY

  function uncork(leave: Leave): void {
    const bytes = joined(held)
    held = []
    size = 0
    due = Number.POSITIVE_INFINITY
    leaveBytes(bytes, leave)
  }

  return answerHop(setup, {
    part(part, now, leave) {
      if (held.length === 0) due = now + milliseconds
      held.push(part.bytes)
      size += part.bytes.length
      const isHeld = part.kind === 'head' || part.kind === 'data' || part.kind === 'interim'
      if (!isHeld || size >= SEGMENT) uncork(leave)
    },
    over(arrival, _now, leave) {
      uncork(leave)
      leave(arrival)
    },
    wake: (_now, leave) => uncork(leave),
    get due() {
      return due
    },
    get held() {
      return size
    },
  })
}

/** Each event leaves when the next one is whole, and the head when the first is; at the end, all that is left. */
export function oneBehindHop(setup: HopSetup): Hop {
  const places = createEventPlaces()
  let behind = NOTHING // the head, or the last whole event: what the next one sends on its way
  let current = NOTHING

  function flush(leave: Leave): void {
    leaveBytes(joined([behind, current]), leave)
    behind = NOTHING
    current = NOTHING
  }

  return answerHop(setup, {
    part(part, _now, leave) {
      if (part.kind === 'head') places.begin(part)
      if (part.kind === 'head' && places.hasEvents) {
        behind = part.bytes
        return
      }
      if (part.kind !== 'data' || !places.hasEvents || current.length > setup.maxHeld) {
        flush(leave)
        return leaveBytes(part.bytes, leave)
      }
      let at = 0
      for (const { offset } of places.take(part)) {
        leaveBytes(behind, leave)
        behind = joined([current, part.bytes.subarray(at, offset)])
        current = NOTHING
        at = offset
      }
      current = joined([current, part.bytes.subarray(at)])
    },
    over(arrival, _now, leave) {
      flush(leave)
      leave(arrival)
    },
    get held() {
      return behind.length + current.length
    },
  })
}
