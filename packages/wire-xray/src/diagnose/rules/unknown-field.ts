import { printable } from '../../printable.ts'
import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen } from '../seen.ts'

const FIELDS: ReadonlySet<string> = new Set(['data', 'event', 'id', 'retry', ''])

/** Lines that clients ignore (HTML §9.2.6), since their field is none: most are text with a line break in it. */
export function unknownSseField({ content, mediaType, events, head }: Look): Verdict | undefined {
  if (!content || !head || mediaType !== 'text/event-stream') return undefined
  const text = new TextDecoder().decode(content)
  const strange = wholeLinesOf(text).filter(({ line }) => !FIELDS.has(fieldNameOf(line)))
  const [first] = strange
  if (!first) return undefined
  const at = new TextEncoder().encode(text.slice(0, first.start)).length
  const carrier = events.find(({ finding: { body } }) => body && body[0] <= at && at < body[1])
  return {
    code: 'UNKNOWN_SSE_FIELD',
    severity: 'warn',
    confidence: 'certain',
    text: `${strange.length === 1 ? 'a line is' : `${strange.length} lines are`} ignored by every client, with a field that is none: ${printable(first.line, 40)}`,
    fix: 'Each line of the data needs its own "data: " in front. JSON: without line breaks.',
    evidence: [seen(carrier ?? head)],
  }
}

/**
 * The lines that have an end, and where they begin. Only the ends are searched for: a pattern for a line and its end tries
 * each place of a line that has none, and takes minutes for an image in base64.
 */
function wholeLinesOf(text: string): readonly { readonly line: string; readonly start: number }[] {
  let start = 0
  return [...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: lineEnd, index }) => {
    const found = { line: text.slice(start, index), start }
    start = index + lineEnd.length
    return found
  })
}

const fieldNameOf = (line: string): string => /^[^:]*/.exec(line)?.[0] ?? ''
