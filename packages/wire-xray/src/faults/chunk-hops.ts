import { answerHop, leaveBytes } from './answer-hop.ts'
import type { AnswerData } from './answer-part.ts'
import { withSize } from './chunk-edit.ts'
import { createEventPlaces } from './event-places.ts'
import type { Hop } from './hop.ts'
import type { HopSetup } from './setup.ts'

/** The last chunk never comes (nor trailers), and nothing says that the body is over. */
export function noTerminatorHop(setup: HopSetup): Hop {
  return answerHop(setup, {
    part(part, _now, leave) {
      if (part.kind !== 'end') leaveBytes(part.bytes, leave)
    },
  })
}

/** The chunk with the n-th event, with another size line. */
export function sizeHop(n: number, setup: HopSetup, spell: (size: number) => string): Hop {
  const places = createEventPlaces()
  let isChunked = false
  return answerHop(setup, {
    part(part, _now, leave) {
      if (part.kind === 'head') {
        places.begin(part)
        isChunked = part.framing === 'chunked'
      }
      const isIt = part.kind === 'data' && places.take(part).some((each) => each.n === n) && isChunked
      leaveBytes(isIt ? withSize(part as AnswerData, spell) : part.bytes, leave)
    },
  })
}

/** A size that is no hexadecimal number. */
export function badSize(size: number): string {
  return `z${size.toString(16).slice(1)}`
}

/** A size that is off, but never that of the last chunk. */
export function wrongSize(by: number): (size: number) => string {
  return (size) => Math.max(size + by, 1).toString(16)
}

/** Sizes as some hops write them: `2A`, or `002a`. */
export function chunkStyleHop(style: 'upper' | 'padded', setup: HopSetup): Hop {
  const spell = (size: number) => (style === 'upper' ? size.toString(16).toUpperCase() : `00${size.toString(16)}`)
  let isChunked = false
  return answerHop(setup, {
    part(part, _now, leave) {
      if (part.kind === 'head') isChunked = part.framing === 'chunked'
      leaveBytes(part.kind === 'data' && isChunked ? withSize(part, spell) : part.bytes, leave)
    },
  })
}
