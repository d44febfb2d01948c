import { printable } from '../../printable.ts'
import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen } from '../seen.ts'

/** Who handled this answer last. */
export function hopFingerprint({ hop, head, isStream }: Look): Verdict | undefined {
  if (hop.product === undefined || !head || !isStream) return undefined
  return {
    code: 'HOP_FINGERPRINT',
    severity: 'info',
    confidence: 'hint',
    text: `${hop.product} has had this answer: ${hop.signs.map((sign) => printable(sign)).join('; ')}`,
    fix: '',
    evidence: [seen(head)],
  }
}
