import { printable } from '../../printable.ts'
import type { FindingItem } from '../../proxy/item.ts'
import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen, seenFew } from '../seen.ts'

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

/** The provider says that it failed, behind a head that says it did not. */
export function errorInside200({ found, response, events }: Look): Verdict | undefined {
  if (response?.status !== 200) return undefined
  const failure = found.find(({ finding }) => finding.kind === 'failure')
  const error = failure ?? events.find(({ finding }) => finding.type === 'error')
  if (!error) return undefined
  return {
    code: 'ERROR_INSIDE_200',
    severity: 'error',
    confidence: failure ? 'certain' : 'likely',
    text: `an error came inside of an answer with status 200: ${error.finding.summary}`,
    fix: 'Whoever counts failures by status does not see it: read the stream to its end mark. Ask again later if it says so.',
    evidence: [seen(error)],
  }
}

/** Ids that count, with one left out. */
export function idGap({ events }: Look): Verdict | undefined {
  const numbered = events.filter(({ finding: { id } }) => id !== undefined && /^\d{1,15}$/.test(id))
  const steps = numbered.slice(1).map((event, n) => ({
    event,
    before: numbered[n] as FindingItem,
    step: Number(event.finding.id) - Number(numbered[n]?.finding.id),
  }))
  const counted = steps.filter(({ step }) => step !== 0) // the id of an event is that of those behind it, too
  const gaps = counted.filter(({ step }) => step > 1)
  const [gap] = gaps
  if (!gap || counted.length < LEAST_STEPS || counted.some(({ step }) => step < 0)) return undefined
  if (counted.length - gaps.length < counted.length * ONE_BY_ONE) return undefined
  const missing = gaps.reduce((sum, { step }) => sum + step - 1, 0)
  return {
    code: 'ID_GAP',
    severity: 'warn',
    confidence: 'hint',
    text: `ids count one by one, and ${missing === 1 ? 'one is' : `${missing} are`} missing: ${gap.event.finding.id} comes behind ${gap.before.finding.id}`,
    fix: 'Lost on the way, or left out on purpose (a filter, another channel): compare with what the server sent (xray sandwich).',
    evidence: gaps.slice(0, 2).flatMap(({ before, event }) => [seen(before), seen(event)]),
  }
}

const LEAST_STEPS = 4
/** Of all steps: ids that jump anyway say nothing. */
const ONE_BY_ONE = 0.7

/** A read that ends inside of a character: whoever decodes each read by itself breaks it. */
export function utf8Split({ reads, isCompressed, content, mediaType, head }: Look): Verdict | undefined {
  if (!content || isCompressed || !(mediaType.startsWith('text/') || mediaType.includes('json')) || !head)
    return undefined
  const body = head.finding.bytes.at(-1)?.[1] ?? 0
  const split = reads.filter(({ bytes, range }, n) => {
    const next = reads[n + 1]?.bytes?.[0]
    return range[1] > body && bytes !== undefined && next !== undefined && isContinuation(next) && isCutInside(bytes)
  })
  const [first] = split
  if (!first) return undefined
  return {
    code: 'UTF8_SPLIT',
    severity: 'info',
    confidence: 'certain',
    text: `${split.length === 1 ? 'a read ends' : `${split.length} reads end`} inside of a character, as reads may`,
    fix: 'Nothing, for clients that decode with { stream: true }; others show � there.',
    evidence: [{ at: first.at, direction: 'down', bytes: first.range, what: 'read' }],
  }
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80

/** Whether the last character of the bytes lacks some of its own (RFC 3629 §3). */
function isCutInside(bytes: Uint8Array): boolean {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (!isContinuation(byte)) return byte >= 0xc2 && back < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4)
  }
  return false
}

/** Who handled this answer last. */
export function hopFingerprint({ hop, head, isStream }: Look): Verdict | undefined {
  if (hop.product === undefined || !head || !isStream) return undefined
  return {
    code: 'HOP_FINGERPRINT',
    severity: 'info',
    confidence: 'hint',
    text: `${hop.product} has had this answer: ${hop.signs.map((sign) => printable(sign)).join('; ')}`,
    fix: '',
    evidence: seenFew([head]),
  }
}
