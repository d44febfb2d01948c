import { answerHop } from './answer-hop.ts'
import { createEventPlaces } from './event-places.ts'
import type { Place } from './fault.ts'
import type { Arrival, Hop, Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

/** Takes what comes, cut where the place is. */
export interface PlaceTaker {
  take(arrival: Arrival, now: number, leave: Leave): void
  /** The place is here: behind what has been taken, and before what comes. */
  place(now: number, leave: Leave): void
  wake(now: number, leave: Leave): void
  readonly due: number
  readonly held: number
}

/**
 * A hop that finds a place. In an answer that has events, but fewer than that, the place is before its end: better late
 * than never.
 */
export function placeHop(at: Place, setup: HopSetup, taker: PlaceTaker): Hop {
  return at.unit === 'event' ? eventHop(at.n, setup, taker) : byteHop(at.n, taker)
}

function byteHop(n: number, taker: PlaceTaker): Hop {
  let rest = n
  let isBehind = false
  return {
    take(arrival, now, leave) {
      if (arrival.kind !== 'bytes' || isBehind || arrival.bytes.length < rest) {
        if (arrival.kind === 'bytes') rest -= arrival.bytes.length
        return taker.take(arrival, now, leave)
      }
      isBehind = true
      takeBytes(arrival.bytes.subarray(0, rest), taker, now, leave)
      taker.place(now, leave)
      takeBytes(arrival.bytes.subarray(rest), taker, now, leave)
    },
    wake: (now, leave) => taker.wake(now, leave),
    get due() {
      return taker.due
    },
    get held() {
      return taker.held
    },
  }
}

function eventHop(n: number, setup: HopSetup, taker: PlaceTaker): Hop {
  const places = createEventPlaces()
  return answerHop(setup, {
    part(part, now, leave) {
      if (part.kind === 'head') places.begin(part)
      if (part.kind === 'end' && places.hasEvents && places.count < n) taker.place(now, leave)
      const place = part.kind === 'data' ? places.take(part).find((each) => each.n === n) : undefined
      if (!place) return takeBytes(part.bytes, taker, now, leave)
      takeBytes(part.bytes.subarray(0, place.offset), taker, now, leave)
      taker.place(now, leave)
      takeBytes(part.bytes.subarray(place.offset), taker, now, leave)
    },
    over: (arrival, now, leave) => taker.take(arrival, now, leave),
    wake: (now, leave) => taker.wake(now, leave),
    get due() {
      return taker.due
    },
    get held() {
      return taker.held
    },
  })
}

function takeBytes(bytes: Uint8Array, taker: PlaceTaker, now: number, leave: Leave): void {
  if (bytes.length > 0) taker.take({ kind: 'bytes', bytes }, now, leave)
}
