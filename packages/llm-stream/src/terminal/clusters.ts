import { cellWidth } from './cell-width.ts'
import { halfAtEnd, wellFormed } from './well-formed.ts'

/** A grapheme cluster: what people call a character (UAX #29 §3). */
export interface Cluster {
  readonly text: string
  /** Terminal cells. */
  readonly width: number
}

/** Takes text in pieces and hands out the clusters that are certain. */
export interface ClusterSplitter {
  push(text: string): readonly Cluster[]
  /** Nothing follows: hands out what was kept back, a half of a surrogate pair as U+FFFD. */
  end(): readonly Cluster[]
}

/** Making one costs more than splitting an answer with it. */
let segmenter: Intl.Segmenter | undefined

/** Where the next piece may still decide how wide the last cluster is: emoji, flags, joiners. */
const OPEN_END = /(?:\p{Extended_Pictographic}|\p{RI}|\p{Emoji_Modifier}|[\u200d\ufe0f\u{e0000}-\u{e007f}])$/u
/** Each its own cluster, one cell wide. */
const SIMPLE = /^[\n\t\x20-\x7e]*$/
/** Code units of a cluster that is kept back. Families have eleven; what nobody can see the end of is let go. */
const MAX_OPEN = 64

/** Splits an answer into clusters at the cost of what is new. */
export function createClusterSplitter(): ClusterSplitter {
  let open = ''

  return {
    push(text) {
      const half = halfAtEnd(text)
      const whole = open + text.slice(0, text.length - half.length)
      open = half
      if (SIMPLE.test(whole)) return whole.split('').map(simple)
      const clusters = split(whole)
      const last = clusters.at(-1)
      if (!last || last.length > MAX_OPEN || !OPEN_END.test(last)) return clusters.map(cluster)
      open = last + half
      return clusters.slice(0, -1).map(cluster)
    },
    end() {
      const rest = open
      open = ''
      return split(rest).map(cluster)
    },
  }
}

function split(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

const simple = (text: string): Cluster => ({ text, width: text < ' ' ? 0 : 1 })

function cluster(text: string): Cluster {
  const whole = wellFormed(text)
  return { text: whole, width: cellWidth(whole) }
}
