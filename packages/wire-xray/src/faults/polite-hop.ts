import { NOTHING } from '../joined.ts'
import { answerHop, type Ending, leaveBytes } from './answer-hop.ts'
import type { AnswerHead, Part } from './answer-part.ts'
import { chunkOf, LAST_CHUNK } from './chunk-edit.ts'
import { type Hop, instantHop, type Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

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
