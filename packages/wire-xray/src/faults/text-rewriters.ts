import { joined, NOTHING } from '../joined.ts'
import type { AnswerHead } from './answer-part.ts'
import type { ContentRewriter } from './content-hop.ts'
import { eventFinderFor } from './events.ts'

const LF = 10
const CR = 13
const BOM = Uint8Array.of(0xef, 0xbb, 0xbf)

/** A byte order mark in front (HTML §9.2.5 wants one removed). */
export function bomRewriter({ head }: AnswerHead): ContentRewriter | undefined {
  let isFirst = true
  return (
    eventFinderFor(head) && {
      push(data) {
        if (!isFirst || data.length === 0) return data
        isFirst = false
        return joined([BOM, data])
      },
      end: () => NOTHING,
    }
  )
}

/** Every line ends in CR alone, as HTML §9.2.5 allows. */
export function crRewriter({ head }: AnswerHead): ContentRewriter | undefined {
  let afterCr = false
  return (
    eventFinderFor(head) && {
      push(data) {
        const kept = data.filter((byte) => {
          const isRest = byte === LF && afterCr
          afterCr = byte === CR
          return !isRest
        })
        return kept.map((byte) => (byte === LF ? CR : byte))
      },
      end: () => NOTHING,
    }
  )
}

/** Without the line ends at the end: the last event is never dispatched. They wait everywhere, since only the end tells. */
export function noBlankLineRewriter({ head }: AnswerHead): ContentRewriter | undefined {
  let ends = NOTHING
  return (
    eventFinderFor(head) && {
      push(data) {
        const size = data.findLastIndex((byte) => byte !== LF && byte !== CR) + 1
        if (size === 0) {
          ends = joined([ends, data])
          return NOTHING
        }
        const out = joined([ends, data.subarray(0, size)])
        ends = data.subarray(size)
        return out
      },
      end: () => NOTHING,
      get held() {
        return ends.length
      },
    }
  )
}
