import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen, theEnd } from '../seen.ts'

/** What keeps rules from telling. */
export function cannotTell(look: Look): Verdict | undefined {
  const { exchange, found } = look
  const opaque = found.find(({ finding }) => finding.kind === 'opaque')
  const isTorn = exchange.end.kind === 'gap'
  const reasons = [
    ...(isTorn ? ['bytes went by unread'] : []),
    ...(exchange.leftOut ? [`${exchange.leftOut.items} items of its middle were let go of`] : []),
    ...(opaque ? [`its content cannot be looked into (${opaque.finding.summary})`] : []),
  ]
  if (reasons.length === 0) return undefined
  return {
    code: 'CANNOT_TELL',
    severity: 'info',
    confidence: 'certain',
    text: `not all of it was seen: ${reasons.join('; ')}. What is said here holds for the rest`,
    fix: '',
    evidence: opaque ? [seen(opaque)] : [theEnd(look)],
  }
}
