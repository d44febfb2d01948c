import type { FindingItem } from '../../proxy/item.ts'
import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen } from '../seen.ts'

const LEAST_STEPS = 4
/** Of all steps: ids that jump anyway say nothing. */
const ONE_BY_ONE = 0.7

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
    fix: 'Lost on the way, or left out on purpose (a filter, another channel): compare with what the server sent.',
    evidence: gaps.slice(0, 2).flatMap(({ before, event }) => [seen(before), seen(event)]),
  }
}
