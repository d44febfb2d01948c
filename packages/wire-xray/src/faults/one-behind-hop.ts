import { joined, NOTHING } from '../joined.ts'
import { answerHop, leaveBytes } from './answer-hop.ts'
import { createEventPlaces } from './event-places.ts'
import type { Hop, Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

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
