/** What comes down a connection. */
export type Arrival =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'fin' }
  /** The server is gone: a RST, or whatever else made a read reject. */
  | { readonly kind: 'rst'; readonly error: unknown }

/** Takes what leaves a hop. Bytes that leave one by one stay apart. */
export type Leave = (leaving: Arrival) => void

/**
 * One fault: something between server and client through which everything comes. Pure: it is told the time (milliseconds
 * from any beginning), and it does not wait but says when it wants its turn.
 */
export interface Hop {
  take(arrival: Arrival, now: number, leave: Leave): void
  /** Its turn: called when `due` has come. */
  wake(now: number, leave: Leave): void
  /** When it wants its turn; Infinity if only what arrives can move it. */
  readonly due: number
  /** Bytes it keeps. */
  readonly held: number
}

/** A hop that lets go of everything at once. */
export function instantHop(take: (arrival: Arrival, leave: Leave) => void): Hop {
  return {
    take: (arrival, _now, leave) => take(arrival, leave),
    wake: () => {},
    due: Number.POSITIVE_INFINITY,
    held: 0,
  }
}

/** Several hops, the first next to the server. What leaves one arrives at the next. */
export function chainOf(hops: readonly Hop[]): Hop {
  function enter(index: number, now: number, leave: Leave): Leave {
    const hop = hops[index]
    return hop ? (arrival) => hop.take(arrival, now, enter(index + 1, now, leave)) : leave
  }
  return {
    take: (arrival, now, leave) => enter(0, now, leave)(arrival),
    wake(now, leave) {
      hops.forEach((hop, index) => {
        if (hop.due <= now) hop.wake(now, enter(index + 1, now, leave))
      })
    },
    get due() {
      return hops.reduce((due, hop) => Math.min(due, hop.due), Number.POSITIVE_INFINITY)
    },
    get held() {
      return hops.reduce((held, hop) => held + hop.held, 0)
    },
  }
}
