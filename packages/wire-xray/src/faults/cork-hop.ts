import { joined } from '../joined.ts'
import { answerHop, leaveBytes } from './answer-hop.ts'
import type { Hop, Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

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
