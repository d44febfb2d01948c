import type { FindingItem } from '../proxy/item.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { type Residences, residencesOf } from '../timeline/residence.ts'
import type { Diagnosis } from './diagnosis.ts'
import { DO_NOT_BUFFER, DO_NOT_CORK, fixFor } from './fixes.ts'
import type { Hop } from './hop-of.ts'
import { lookAt } from './look.ts'
import { middleOf, ms, seen } from './seen.ts'

/** Two taps see what one can only guess: the same exchange before and behind a hop. */
interface Sides {
  readonly front: Exchange
  readonly residences: Residences
  readonly hop: Hop
}

/** Milliseconds for which a hop that only passes on may hold something, on a busy machine. */
const PASSES_ON = 100
const LEAST_EVENTS = 4

/**
 * What the hop between two taps does to an exchange: `front` is between the client and the hop, `back` between the hop and the
 * server. Clocks as `residencesOf` has them.
 */
export function diagnoseHop(front: Exchange, back: Exchange, shift: number = 0): readonly Diagnosis[] {
  const sides: Sides = { front, residences: residencesOf(front, back, shift), hop: lookAt(front).hop }
  const behind = oneBehind(sides, shift)
  return [...(behind ?? hopHolds(sides)), ...itlTooGood(sides)]
}

/** Each event leaves when the next one comes. */
function oneBehind({ front, residences: { events }, hop }: Sides, shift: number): readonly Diagnosis[] | undefined {
  const pairs = events.slice(0, -1).map((event, n) => {
    const next = events[n + 1]?.back as FindingItem
    return { event, late: event.front.at + shift - next.at }
  })
  const behind = pairs.filter(({ event: { milliseconds }, late }) => late >= 0 && late <= milliseconds / 2)
  if (pairs.length < LEAST_EVENTS - 1 || behind.length < pairs.length * MOST_OF_THEM) return undefined
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

/** Milliseconds from when the next event goes in to when this one comes out, of half of them; or so much of the time it was held. */
const AT_ONCE = 5
const SHARE = 0.2
const MOST_OF_THEM = 0.8

/** Events, or the head, stay in the hop. */
function hopHolds({ front, residences: { head = 0, events, missing }, hop }: Sides): readonly Diagnosis[] {
  const held = events.map(({ milliseconds }) => milliseconds)
  const longest = Math.max(0, ...held)
  if (middleOf(held) < PASSES_ON && head < PASSES_ON && (longest < PASSES_ON || held.length > LEAST_EVENTS)) {
    return missing.length > 0 && front.end.kind !== 'open' ? [lost(front, missing)] : []
  }
  const [first] = events
  return [
    {
      code: 'HOP_HOLDS',
      severity: 'error',
      confidence: 'certain',
      exchange: front.number,
      text: `the hop held the head ${ms(head)}, events ${ms(middleOf(held))} (half of them longer), the longest ${ms(longest)}`,
      fix: fixFor(
        'The server sent in time. In the hop, stop buffering:',
        hop.product === 'HAProxy' ? DO_NOT_CORK : { ...DO_NOT_BUFFER, ...DO_NOT_CORK },
        hop,
      ),
      evidence: first ? [seen(first.back), seen(first.front)] : [],
    },
  ]
}

function lost(front: Exchange, missing: readonly FindingItem[]): Diagnosis {
  return {
    code: 'HOP_HOLDS',
    severity: 'error',
    confidence: 'certain',
    exchange: front.number,
    text: `${missing.length} events went into the hop and did not come out`,
    fix: 'The hop threw them away: when its upstream resets, nginx that buffers does.\nnginx: proxy_buffering off;',
    evidence: missing.slice(0, 3).map(seen),
  }
}

/** Pauses between events that are much shorter behind a hop than before: it lets go of several at a time. */
function itlTooGood({ front, residences: { events } }: Sides): readonly Diagnosis[] {
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

const LEAST_GAPS = 8
const LEAST_GAP = 5

function gaps(events: readonly FindingItem[]): readonly number[] {
  return events.slice(1).map(({ at }, n) => at - (events[n]?.at ?? at))
}
