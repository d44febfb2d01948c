import type { Arrival, Hop, Leave } from './hop.ts'

const NEVER = Number.POSITIVE_INFINITY

/** At most `most` bytes at a time, or a random number of them from `least` on. */
export function splitHop(most: number, least: number, random: () => number): Hop {
  return {
    take(arrival, _now, leave) {
      if (arrival.kind !== 'bytes') return leave(arrival)
      for (let at = 0; at < arrival.bytes.length; ) {
        const size = least + Math.floor(random() * (most - least + 1))
        leave({ kind: 'bytes', bytes: arrival.bytes.subarray(at, at + size) })
        at += size
      }
    },
    wake: () => {},
    due: NEVER,
    held: 0,
  }
}

/** What waits for its time. `due` says when something that came now may leave, in order. */
function waitingHop(dueOf: (arrival: Arrival, now: number) => number): Hop {
  const waiting: { readonly arrival: Arrival; readonly due: number }[] = []
  let held = 0
  function release(now: number, leave: Leave): void {
    for (let next = waiting[0]; next !== undefined && next.due <= now; next = waiting[0]) {
      waiting.shift()
      held -= sizeOf(next.arrival)
      leave(next.arrival)
    }
  }
  return {
    take(arrival, now, leave) {
      waiting.push({ arrival, due: dueOf(arrival, now) })
      held += sizeOf(arrival)
      release(now, leave)
    },
    wake: release,
    get due() {
      return waiting[0]?.due ?? NEVER
    },
    get held() {
      return held
    },
  }
}

/** Everything is late by so much: latency, not bandwidth. What came together stays together. */
export function delayHop(milliseconds: number): Hop {
  return waitingHop((_arrival, now) => now + milliseconds)
}

/** A slow line: each piece is there when its last byte is. */
export function rateHop(bytesPerSecond: number): Hop {
  let free = 0 // when the line is
  return waitingHop((arrival, now) => {
    free = Math.max(free, now) + (sizeOf(arrival) * 1000) / bytesPerSecond
    return free
  })
}

/** FIN when nothing came for so long behind what came. Before the first byte it is the server that is slow. */
export function idleHop(milliseconds: number): Hop {
  let due = NEVER
  let over = false
  return {
    take(arrival, now, leave) {
      if (over) return
      due = arrival.kind === 'bytes' ? now + milliseconds : NEVER
      leave(arrival)
    },
    wake(_now, leave) {
      over = true
      due = NEVER
      leave({ kind: 'fin' })
    },
    get due() {
      return due
    },
    held: 0,
  }
}

function sizeOf(arrival: Arrival): number {
  return arrival.kind === 'bytes' ? arrival.bytes.length : 0
}
