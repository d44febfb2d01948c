import { WIDE } from './wide-ranges.ts'

/** Shown as a picture, and two cells wide, by itself. */
const EMOJI = /\p{Emoji_Presentation}/u
/** Something that U+FE0F makes a picture of, and keycaps. */
const AS_EMOJI = /\p{Emoji}\ufe0f/u
/** What takes no cell: marks on the letter before, joiners, controls, the vowels and finals of a Hangul block. */
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff\ud7b0-\ud7ff]$/u
const SOFT_HYPHEN = '\u00ad'

/**
 * How many cells of a terminal a grapheme cluster takes: an emoji of however many parts two (UTS #51 §1.4.4), anything else the
 * sum of its characters (UAX #11). Old terminals take more for some emoji; a text is then broken by them, and not lost.
 */
export function cellWidth(cluster: string): number {
  if (cluster.length === 1 && cluster >= ' ' && cluster <= '~') return 1
  if (EMOJI.test(cluster) || AS_EMOJI.test(cluster)) return 2
  let width = 0
  for (const character of cluster) width += characterWidth(character)
  return width
}

function characterWidth(character: string): number {
  if (character === SOFT_HYPHEN) return 1
  if (NO_WIDTH.test(character)) return 0
  return isWide(character.codePointAt(0) ?? 0) ? 2 : 1
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
