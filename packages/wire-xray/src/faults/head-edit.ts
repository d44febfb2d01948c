import { latin1, toLatin1 } from '@sse-from-scratch/http-raw'

/** What is to be another in a head. */
export interface HeadEdit {
  /** Says which field lines go, by their lower-case names. */
  readonly without?: (lowerCaseName: string) => boolean
  /** Field lines to add at the end, without CRLF. */
  readonly lines?: readonly string[]
  readonly http10?: boolean
}

/** A response head that a decoder has read, with some lines changed and the others as they were. */
export function editHead(
  head: Uint8Array,
  { without = () => false, lines = [], http10 = false }: HeadEdit,
): Uint8Array {
  const [statusLine = '', ...fields] = latin1(head).split('\r\n').slice(0, -2) // behind the last field come two empty lines
  let isGone = false
  const kept = fields.filter((line) => {
    if (!/^[ \t]/.test(line)) isGone = without(line.split(':', 1)[0]?.toLowerCase() ?? '') // else a folded line: it goes with the one above
    return !isGone
  })
  const first = http10 ? statusLine.replace('HTTP/1.1', 'HTTP/1.0') : statusLine
  return toLatin1([first, ...kept, ...lines, '', ''].join('\r\n'))
}
