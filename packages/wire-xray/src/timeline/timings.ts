import { type Burst, burstsOf } from '../bursts.ts'
import type { FindingItem } from '../proxy/item.ts'
import type { Exchange } from './exchange.ts'

/** When what came. All of it is milliseconds, from when the head of the request had come; `undefined` did not happen. */
export interface Timings {
  /** Until the target was there, its TLS included; of the first exchange of a connection. It counts from the connection. */
  readonly connect?: number
  /** Until the request was whole. */
  readonly sent?: number
  /** Time to first byte: the head of the answer. */
  readonly firstByte?: number
  /** Time to first event, or line of NDJSON. */
  readonly firstEvent?: number
  /** Time to first token: text of any kind that is not empty. Roles, pings and usage are none. */
  readonly firstToken?: number
  /** Until the answer was over, whole or not. */
  readonly total?: number
  /** Pauses between events. */
  readonly gaps?: Gaps
  /** Events that came together, in the order in which they came: when, and how many. */
  readonly bursts: readonly Burst[]
  /** Tokens, which is deltas, for each second from the first one to the last. */
  readonly tokensPerSecond?: number
}

/** Milliseconds from one event to the next: half of them took no longer than `p50`. */
export interface Gaps {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** The times of an exchange as far as it has come. It goes through all of its items: once a frame, say, and not once an item. */
export function timingsOf(exchange: Exchange): Timings {
  const { items, askedAt, index, end } = exchange
  const after = (at: number | undefined) => (at === undefined ? undefined : at - askedAt)
  const open = index === 0 ? items.find((item) => item.kind === 'open') : undefined
  const sent = items.find((item) => item.kind === 'complete' && item.direction === 'up')
  const head = answers(exchange).find(({ finding }) => finding.kind === 'head')
  const events = eventsOf(exchange).map(({ at }) => at)
  const deltas = answers(exchange).filter(({ finding }) => finding.kind === 'delta' && finding.text !== '')
  return {
    ...some('connect', open?.kind === 'open' ? open.took : undefined),
    ...some('sent', after(sent?.at)),
    ...some('firstByte', after(head?.at)),
    ...some('firstEvent', after(events[0])),
    ...some('firstToken', after(deltas[0]?.at)),
    ...some('total', after(end.at)),
    ...some('gaps', gapsIn(exchange)),
    bursts: burstsOf(events),
    ...some('tokensPerSecond', rateOf(deltas, exchange)),
  }
}

/** The events of an answer, or its lines of NDJSON. */
export function eventsOf(exchange: Exchange): readonly FindingItem[] {
  return answers(exchange).filter(({ finding }) => finding.kind === 'event' || finding.kind === 'line')
}

function answers({ items }: Exchange): readonly FindingItem[] {
  return items.filter((item): item is FindingItem => item.kind === 'finding' && item.finding.direction === 'down')
}

/** Across what was left out there is no telling. */
function gapsIn(exchange: Exchange): Gaps | undefined {
  const { items, leftOut } = exchange
  const hole = leftOut && items[leftOut.behind]
  const events = eventsOf(exchange)
  const before = hole ? events.filter((event) => items.indexOf(event) < leftOut.behind).length : 0
  const gaps = events
    .slice(1)
    .map(({ at }, n) => at - (events[n] as FindingItem).at)
    .filter((_, n) => n + 1 !== before)
    .toSorted((a, b) => a - b)
  const at = (share: number) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))] as number
  return gaps.length === 0 ? undefined : { p50: at(0.5), p95: at(0.95), max: gaps.at(-1) as number }
}

function rateOf(deltas: readonly FindingItem[], { counts, leftOut }: Exchange): number | undefined {
  const [first, last] = [deltas[0], deltas.at(-1)]
  if (!first || !last || last.at <= first.at) return undefined
  const many = leftOut ? (counts.delta ?? 0) : deltas.length
  return ((many - 1) / (last.at - first.at)) * 1000
}

function some<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]?: Value })
}
