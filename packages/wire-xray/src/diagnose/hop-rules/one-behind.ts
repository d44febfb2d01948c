import type { FindingItem } from '../../proxy/item.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { fixFor } from '../fixes.ts'
import { middleOf, ms, seen } from '../seen.ts'
import type { Sides } from './sides.ts'

/** Fewer pairs say nothing. */
const LEAST_PAIRS = 3
/** Milliseconds from when the next event goes in to when this one comes out, of half of them; or so much of the time it was held. */
const AT_ONCE = 5
const SHARE = 0.2
const MOST_OF_THEM = 0.8

/** Each event leaves when the next one comes. */
export function oneBehind(
  { front, residences: { events }, hop }: Sides,
  shift: number,
): readonly Diagnosis[] | undefined {
  const pairs = events.slice(0, -1).map((event, n) => {
    const next = events[n + 1]?.back as FindingItem
    return { event, late: event.front.at + shift - next.at }
  })
  const behind = pairs.filter(({ event: { milliseconds }, late }) => late >= 0 && late <= milliseconds / 2)
  if (pairs.length < LEAST_PAIRS || behind.length < pairs.length * MOST_OF_THEM) return undefined
  const held = middleOf(behind.map(({ event }) => event.milliseconds))
  const late = middleOf(behind.map((pair) => pair.late))
  if (held <= 2 * AT_ONCE || late > Math.max(AT_ONCE, held * SHARE)) return undefined
  return [
    {
      code: 'ONE_BEHIND',
      severity: 'error',
      confidence: 'certain',
      exchange: front.number,
      text: `${behind.length} of ${pairs.length} events left the hop when the next one came, ${ms(held)} late`,
      fix: fixFor(
        'The hop keeps an event until there is more: nginx that buffers does with large events, and virus scanners and line-buffered pipes with all of them.',
        { nginx: 'proxy_buffering off;' },
        hop,
      ),
      evidence: behind.slice(0, 3).flatMap(({ event }) => [seen(event.back), seen(event.front)]),
    },
  ]
}
