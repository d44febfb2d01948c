import { joined } from '../joined.ts'
import { createAnswerParser } from './answer-parser.ts'
import type { Part } from './answer-part.ts'
import type { Arrival, Hop, Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

/** Takes the parts of answers, and the end of the connection. */
export interface PartTaker {
  part(part: Part, now: number, leave: Leave): void
  /** FIN or RST, behind the last part. Without this they are passed on. */
  over?(arrival: Ending, now: number, leave: Leave): void
  wake?(now: number, leave: Leave): void
  readonly due?: number
  readonly held?: number
}

/** How a connection ends. */
export type Ending = Exclude<Arrival, { readonly kind: 'bytes' }>

/** A hop that reads HTTP. What it lets go of when something arrives leaves in one piece, as that came. */
export function answerHop({ requests }: HopSetup, taker: PartTaker): Hop {
  const parser = createAnswerParser(requests.follow())

  function end(arrival: Ending, now: number, leave: Leave): void {
    parser.end((part) => taker.part(part, now, leave))
    if (taker.over) taker.over(arrival, now, leave)
    else leave(arrival)
  }

  return {
    take(arrival, now, leave) {
      inOnePiece(leave, (leave) => {
        if (arrival.kind === 'bytes') parser.push(arrival.bytes, (part) => taker.part(part, now, leave))
        else end(arrival, now, leave)
      })
    },
    wake: (now, leave) => taker.wake?.(now, leave),
    get due() {
      return taker.due ?? Number.POSITIVE_INFINITY
    },
    get held() {
      return taker.held ?? 0
    },
  }
}

/** Lets bytes leave, if there are any. */
export function leaveBytes(bytes: Uint8Array, leave: Leave): void {
  if (bytes.length > 0) leave({ kind: 'bytes', bytes })
}

function inOnePiece(leave: Leave, run: (leave: Leave) => void): void {
  let pieces: Uint8Array[] = []
  const flush = (): void => {
    const bytes = joined(pieces)
    pieces = []
    leaveBytes(bytes, leave)
  }
  run((leaving) => {
    if (leaving.kind === 'bytes') pieces.push(leaving.bytes)
    else {
      flush()
      leave(leaving)
    }
  })
  flush()
}
