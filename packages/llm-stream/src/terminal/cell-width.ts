import { WIDE } from './wide-ranges.ts'

/** Shown as a picture, and two cells wide, by itself. */
const EMOJI = /\p{Emoji_Presentation}/u
/** Something that U+FE0F makes a picture of, and keycaps. */
const AS_EMOJI = /\p{Emoji}\ufe0f/u
/** What takes no cell: marks on the letter before, joiners, controls, the vowels and finals of a Hangul block. */
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff\ud7b0-\ud7ff]*$/u
const SOFT_HYPHEN = '\u00ad'

/** How many cells of a terminal one grapheme cluster takes: 0, 1 or 2 (UAX #11, and what terminals make of emoji). */
export function cellWidth(cluster: string): number {
  const code = cluster.codePointAt(0) ?? 0
  if (cluster.length === 1 && code >= 0x20 && code < 0x7f) return 1
  if (cluster === SOFT_HYPHEN) return 1
  if (NO_WIDTH.test(cluster)) return 0
  return isWide(code) || EMOJI.test(cluster) || AS_EMOJI.test(cluster) ? 2 : 1
}

function isWide(code: number): boolean {
  let low = 0
  let high = WIDE.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [first, last] = WIDE[middle] ?? [0, 0]
    if (code < first) high = middle - 1
    else if (code > last) low = middle + 1
    else return true
  }
  return false
}
