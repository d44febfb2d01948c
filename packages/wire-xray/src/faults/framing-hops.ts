import { answerHop, type Ending, leaveBytes } from './answer-hop.ts'
import type { AnswerData, AnswerHead, Part } from './answer-parts.ts'
import { NOTHING } from './bytes.ts'
import { chunkOf, LAST_CHUNK, withSize } from './chunk-edit.ts'
import { createEventPlaces } from './event-places.ts'
import { editHead } from './head-edit.ts'
import { type Hop, instantHop, type Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

/** The last chunk never comes (nor trailers), and nothing says that the body is over. */
export function noTerminatorHop(setup: HopSetup): Hop {
  return answerHop(setup, {
    part(part, _now, leave) {
      if (part.kind !== 'end') leaveBytes(part.bytes, leave)
    },
  })
}

/** Without the fields of this name, in every response. */
export function noHeaderHop(name: string, setup: HopSetup): Hop {
  const without = (lowerCaseName: string) => lowerCaseName === name.toLowerCase()
  return answerHop(setup, {
    part(part, _now, leave) {
      const isHead = part.kind === 'head' || part.kind === 'interim'
      leaveBytes(isHead ? editHead(part.bytes, { without }) : part.bytes, leave)
    },
  })
}

/** One answer in HTTP/1.0: no chunks, and FIN is the end, unless there is a Content-Length (RFC 9112 §6.3). */
export function http10Hop(setup: HopSetup): Hop {
  const gone = new Set(['transfer-encoding', 'connection', 'keep-alive', 'trailer'])
  let isOver = false
  return answerHop(setup, {
    part(part, _now, leave) {
      if (isOver || part.kind === 'interim') return // HTTP/1.0 has none (RFC 9110 §15.2)
      switch (part.kind) {
        case 'head': {
          const edit = { http10: true, without: (name: string) => gone.has(name), lines: ['Connection: close'] }
          return leaveBytes(editHead(part.bytes, edit), leave)
        }
        case 'data':
        case 'cut':
          return leaveBytes(part.data, leave)
        case 'end':
          isOver = true
          return leave({ kind: 'fin' })
        default:
          return leaveBytes(part.bytes, leave)
      }
    },
    over(arrival, _now, leave) {
      if (!isOver) leave(arrival)
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

/** RST does not cross it. */
export function noRstHop(): Hop {
  return instantHop((arrival, leave) => leave(arrival.kind === 'rst' ? { kind: 'fin' } : arrival))
}

/**
 * A server that breaks off inside of a chunked body looks like one that was done: there is a last chunk, and then FIN.
 * `fin` is for servers that end with FIN only; `any` for RST and unreadable chunks, too.
 */
export function politeHop(when: 'fin' | 'any', setup: HopSetup): Hop {
  let framing: AnswerHead['framing'] = 'none'
  let inBody = false
  let isOver = false
  let rest: (Part & { readonly kind: 'cut' }) | undefined

  function conclude(leave: Leave): void {
    isOver = true
    leaveBytes(framing === 'chunked' ? LAST_CHUNK : NOTHING, leave)
    leave({ kind: 'fin' })
  }

  function takeEnding(arrival: Ending, leave: Leave): void {
    if (isOver) return
    const isPolite = inBody && (arrival.kind === 'fin' || when === 'any')
    if (isPolite && framing === 'chunked') {
      leaveBytes(chunkOf(rest?.data ?? NOTHING), leave)
      conclude(leave)
      return
    }
    leaveBytes(rest?.bytes ?? NOTHING, leave)
    leave(isPolite && framing === 'close' ? { kind: 'fin' } : arrival)
  }

  return answerHop(setup, {
    part(part, _now, leave) {
      if (isOver) return
      if (part.kind === 'head') {
        framing = part.framing
        inBody = true
      }
      if (part.kind === 'end') inBody = false
      if (part.kind === 'cut') rest = part
      else if (part.kind === 'broken' && when === 'any' && inBody) conclude(leave)
      else leaveBytes(part.bytes, leave)
    },
    over: (arrival, _now, leave) => takeEnding(arrival, leave),
  })
}
