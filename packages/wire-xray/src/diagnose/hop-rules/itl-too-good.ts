import type { FindingItem } from '../../proxy/item.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { middleOf, seen } from '../seen.ts'
import type { Sides } from './sides.ts'

/** Fewer pauses, or shorter ones, say nothing. */
const LEAST_GAPS = 8
const LEAST_GAP = 5

/** Pauses between events that are much shorter behind a hop than before: it lets go of several at a time. */
export function itlTooGood({ front, residences: { events } }: Sides): readonly Diagnosis[] {
  const before = gaps(events.map(({ back }) => back))
  const after = gaps(events.map((event) => event.front))
  if (before.length < LEAST_GAPS || middleOf(before) < LEAST_GAP || middleOf(after) >= middleOf(before) / 2) return []
  return [
    {
      code: 'ITL_TOO_GOOD',
      severity: 'warn',
      confidence: 'certain',
      exchange: front.number,
      text: `half of the pauses between events are ${middleOf(before).toFixed(1)} ms before the hop, and ${middleOf(after).toFixed(1)} ms behind it: it lets go of several at once`,
      fix: '',
      evidence: events.slice(0, 2).map(({ front: event }) => seen(event)),
    },
  ]
}

function gaps(events: readonly FindingItem[]): readonly number[] {
  return events.slice(1).map(({ at }, n) => at - (events[n]?.at ?? at))
}
