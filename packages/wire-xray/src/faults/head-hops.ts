import { answerHop, leaveBytes } from './answer-hop.ts'
import { editHead } from './head-edit.ts'
import type { Hop } from './hop.ts'
import type { HopSetup } from './setup.ts'

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
