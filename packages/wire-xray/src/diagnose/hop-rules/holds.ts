import type { FindingItem } from '../../proxy/item.ts'
import type { Exchange } from '../../timeline/exchange.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { DO_NOT_BUFFER, DO_NOT_CORK, fixFor } from '../fixes.ts'
import { middleOf, ms, seen } from '../seen.ts'
import type { Sides } from './sides.ts'

/** Milliseconds for which a hop that only passes on may hold something, on a busy machine. */
const PASSES_ON = 100
/** Of more events than these, one that was late says nothing. */
const FEW_EVENTS = 4

/** Events, or the head, stay in the hop. */
export function hopHolds({ front, residences: { head = 0, events, missing }, hop }: Sides): readonly Diagnosis[] {
  const held = events.map(({ milliseconds }) => milliseconds)
  const longest = Math.max(0, ...held)
  if (middleOf(held) < PASSES_ON && head < PASSES_ON && (longest < PASSES_ON || held.length > FEW_EVENTS)) {
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
