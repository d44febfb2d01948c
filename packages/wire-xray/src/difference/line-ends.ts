import type { Difference, Explanation } from './difference.ts'
import { isRefusedFrom } from './verdict.ts'

/** What goes wrong at the end of a line. */
export const LINE_ENDS: readonly Explanation[] = [
  ({ missing, instead }) =>
    missing.startsWith('\r\n') && instead.startsWith('\n\r') ? '\\n\\r instead of \\r\\n: CR comes first.' : undefined,

  ({ missing, instead, got, at }) =>
    (missing.startsWith('\r\n') && instead.startsWith('\r\r\n')) ||
    (missing.startsWith('\n') && instead.startsWith('\r\n') && got.text[at - 1] === '\r')
      ? 'CR comes twice: \\r\\n was written where every \\n becomes \\r\\n by itself.'
      : undefined,

  (difference) => {
    const { missing, instead } = difference
    if (!missing.startsWith('\r\n') || !/^\n/.test(instead)) return undefined
    if (isFraming(difference))
      return isRefusedFrom(difference.got, difference.at)
        ? '\\n instead of \\r\\n: lines of HTTP end in CR LF. A bare LF is refused here, because proxies disagree on what it is (RFC 9112 §2.2).'
        : '\\n instead of \\r\\n: lines of HTTP end in CR LF (RFC 9112 §2.2).'
    return difference.wanted?.layer === 'body' && difference.as !== 'text'
      ? '\\n instead of \\r\\n: a byte less for each line, and whoever counts them must count that.'
      : '\\n instead of \\r\\n. An event stream may have either, so it means the same; but a byte is missing.'
  },

  (difference) => {
    const { missing, instead } = difference
    if (!missing.startsWith('\n') || !instead.startsWith('\r\n')) return undefined
    return difference.as === 'event-stream' || difference.wanted?.layer === 'sse'
      ? '\\r\\n instead of \\n. An event stream may have either (HTML §9.2.5), so it means the same; but there is a byte more for each line, and whoever counts them must count that.'
      : '\\r\\n instead of \\n: a byte more for each line, and whoever counts them must count that.'
  },

  (difference) => {
    const { missing, instead, got, at } = difference
    const isFirst = missing.startsWith('\r\n') && /^\r(?!\n)/.test(instead)
    const isSecond = got.text[at - 1] === '\r' && missing.startsWith('\n') && instead !== ''
    return isFirst || isSecond ? lineFeedInWords(difference) : undefined
  },

  ({ missing, instead }) => (/^\n/.test(missing) && /^\r(?!\n)/.test(instead) ? CR_ALONE : undefined),
]

const CR_ALONE = 'A CR alone. It ends a line of an event stream, and of nothing else.'

/** CR is there, and its LF is not. */
function lineFeedInWords(difference: Difference): string {
  if (!isFraming(difference)) return CR_ALONE
  return isRefusedFrom(difference.got, difference.at)
    ? 'CR without its LF: the line has not ended, and what follows is refused (RFC 9112 §2.2).'
    : 'CR without its LF: the line has not ended (RFC 9112 §2.2).'
}

/** Whether these are the lines of HTTP and not what they carry. */
function isFraming({ wanted }: Difference): boolean {
  return wanted?.layer === 'http' || wanted?.layer === 'chunked'
}
