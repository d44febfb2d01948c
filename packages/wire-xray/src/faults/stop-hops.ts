import { TcpError } from '@sse-from-scratch/tcp-echo'
import type { Place } from './fault.ts'
import type { Arrival, Hop, Leave } from './hop.ts'
import { placeHop } from './place-hop.ts'
import type { HopSetup } from './setup.ts'

const NEVER = Number.POSITIVE_INFINITY

/** A RST takes along what has not been read, and right behind bytes some systems report it as FIN: a little later. */
const BEFORE_RESET = 20

/** The connection ends at a place, with FIN or RST; whatever comes behind it is lost. */
export function cutHop(how: 'fin' | 'rst', at: Place, setup: HopSetup): Hop {
  let isOver = false
  let due = NEVER
  return placeHop(at, setup, {
    take(arrival, _now, leave) {
      if (!isOver) leave(arrival)
    },
    place(now, leave) {
      if (isOver) return
      isOver = true
      if (how === 'fin') leave({ kind: 'fin' })
      else due = now + BEFORE_RESET
    },
    wake(_now, leave) {
      due = NEVER
      leave({ kind: 'rst', error: new TcpError('TCP_RESET', 'the fault says: rst') })
    },
    get due() {
      return due
    },
    held: 0,
  })
}

/** Silence at a place, for so long. What comes in the meantime, an end included, comes behind it. */
export function stallHop(milliseconds: number, at: Place, setup: HopSetup): Hop {
  const waiting: (Arrival | 'place')[] = []
  let isSilent = false
  let due = NEVER
  let held = 0

  function fallSilent(now: number): void {
    isSilent = true
    due = now + milliseconds
  }

  return placeHop(at, setup, {
    take(arrival, _now, leave) {
      if (!isSilent) return leave(arrival)
      waiting.push(arrival)
      held += sizeOf(arrival)
    },
    place(now) {
      if (isSilent) waiting.push('place')
      else fallSilent(now)
    },
    wake(now, leave) {
      isSilent = false
      due = NEVER
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (next === 'place') return fallSilent(now)
        held -= sizeOf(next)
        leave(next)
      }
    },
    get due() {
      return due
    },
    get held() {
      return held
    },
  })
}

/** Bytes that never arrive: `size` of them behind a byte, or the n-th read. */
export function loseHop(size: number, at: Place): Hop {
  let reads = 0
  let before = 0
  function keep(bytes: Uint8Array, leave: Leave): void {
    const from = Math.min(Math.max(at.n - before, 0), bytes.length)
    const to = Math.min(Math.max(at.n + size - before, 0), bytes.length)
    before += bytes.length
    for (const part of [bytes.subarray(0, from), bytes.subarray(to)]) {
      if (part.length > 0) leave({ kind: 'bytes', bytes: part })
    }
  }
  return {
    take(arrival, _now, leave) {
      if (arrival.kind !== 'bytes') leave(arrival)
      else if (at.unit === 'byte') keep(arrival.bytes, leave)
      else if (++reads !== at.n) leave(arrival)
    },
    wake: () => {},
    due: NEVER,
    held: 0,
  }
}

function sizeOf(arrival: Arrival): number {
  return arrival.kind === 'bytes' ? arrival.bytes.length : 0
}
