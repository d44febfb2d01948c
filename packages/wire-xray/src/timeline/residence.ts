import type { FindingItem } from '../proxy/item.ts'
import type { Exchange } from './exchange.ts'
import { eventsOf } from './timings.ts'

/** How long what is between two taps held each event. */
export interface Residences {
  /** Milliseconds for which the head of the answer was held. */
  readonly head: number | undefined
  /** Events that both taps saw, in the order of the one behind. */
  readonly events: readonly Residence[]
  /** Events that only the tap behind saw: they are held still, or lost. */
  readonly missing: readonly FindingItem[]
  /** Events that only the tap in front saw: somebody in between made them, or changed them. */
  readonly added: readonly FindingItem[]
}

/** One event, seen twice. */
export interface Residence {
  readonly back: FindingItem
  readonly front: FindingItem
  /** How long it was between the taps. */
  readonly milliseconds: number
}

/**
 * Compares the same exchange as two taps saw it: `back` between the hop and the server, `front` between the client and the hop.
 * Events are the same that have the same id, or no id and the same data; the third of its kind is the third of the other's. How
 * they were cut, chunked or compressed plays no part.
 *
 * Both must have the same clock (`now` of `startProxy`); of two recordings `shift` is the time from the beginning of the one
 * behind to the beginning of the one in front, in milliseconds.
 */
export function residencesOf(front: Exchange, back: Exchange, shift: number = 0): Residences {
  const seen = byKey(eventsOf(front))
  const events: Residence[] = []
  const missing: FindingItem[] = []
  for (const [key, event] of byKey(eventsOf(back))) {
    const twin = seen.get(key)
    seen.delete(key)
    if (twin) events.push({ back: event, front: twin, milliseconds: twin.at + shift - event.at })
    else missing.push(event)
  }
  const [headInFront, headBehind] = [headOf(front), headOf(back)]
  const head = headInFront && headBehind && headInFront.at + shift - headBehind.at
  return { head, events, missing, added: [...seen.values()] }
}

function byKey(events: readonly FindingItem[]): Map<string, FindingItem> {
  const counts = new Map<string, number>()
  return new Map(
    events.map((event) => {
      const { id, text } = event.finding
      const name = id === undefined ? `data ${text}` : `id ${id}`
      const count = counts.get(name) ?? 0
      counts.set(name, count + 1)
      return [`${count} ${name}`, event]
    }),
  )
}

function headOf({ items }: Exchange): FindingItem | undefined {
  return items.find(
    (item): item is FindingItem =>
      item.kind === 'finding' && item.finding.kind === 'head' && item.finding.direction === 'down',
  )
}
