import type { Diagnosis } from '../diagnose/index.ts'
import { diagnose, diagnoseHop } from '../diagnose/index.ts'
import type { Counts, Exchange, ExchangeEnd, LeftOut } from '../timeline/exchange.ts'
import type { Residence } from '../timeline/residence.ts'
import { residencesOf } from '../timeline/residence.ts'
import { type Timings, timingsOf } from '../timeline/timings.ts'
import { type PageItem, pageItemOf } from './page-item.ts'

/** One line of the list of exchanges. It is cheap: it does not go through the items. */
export interface PageExchange {
  readonly tap: number
  readonly number: number
  readonly method: string
  readonly target: string
  readonly status: string
  readonly askedAt: number
  readonly end: ExchangeEnd
  readonly counts: Counts
  readonly items: number
  readonly leftOut?: LeftOut
}

/** What all items of an exchange add up to. */
export interface Judgement {
  readonly timings: Timings
  readonly findings: readonly Diagnosis[]
  /** Of two taps: the number of the same exchange at the other one. */
  readonly twin?: number
  /** Of two taps: for how long each event was held, in order. */
  readonly held?: readonly { readonly at: number; readonly milliseconds: number }[]
}

/** An exchange with everything the panes draw. */
export interface WholeExchange extends Judgement {
  readonly exchange: PageExchange
  readonly list: readonly PageItem[]
}

export function pageExchangeOf(tap: number, exchange: Exchange): PageExchange {
  const { number, request, response, askedAt, end, counts, items, leftOut } = exchange
  return {
    tap,
    number,
    method: request.method,
    target: request.target,
    status: response ? `${response.status} ${response.reason}`.trim() : '',
    askedAt,
    end,
    counts,
    items: items.length,
    ...(leftOut && { leftOut }),
  }
}

/** The taps of one view: the one in front, and perhaps one behind the hop. */
export interface Tapped {
  readonly front: readonly Exchange[]
  readonly back: readonly Exchange[]
  /** From the clock behind to the one in front, in milliseconds. */
  readonly shift: number
}

/** It goes through all of the items: when somebody looks, and not for each of them. */
export function judgementOf(tap: number, exchange: Exchange, { front, back, shift }: Tapped): Judgement {
  const [own, others] = tap === 0 ? [front, back] : [back, front]
  const twin = twinOf(exchange, own, others)
  const pair = tap === 0 ? ([exchange, twin ?? exchange] as const) : ([twin ?? exchange, exchange] as const)
  const residences = twin && residencesOf(pair[0], pair[1], shift).events
  const ofHop = twin ? diagnoseHop(pair[0], pair[1], shift) : []
  return {
    timings: timingsOf(exchange),
    findings: [...ofHop, ...diagnose(exchange)],
    ...(twin && { twin: twin.number }),
    ...(residences && { held: residences.map((residence) => heldOf(residence, pair[0])) }),
  }
}

function heldOf({ front, milliseconds }: Residence, { askedAt }: Exchange): { at: number; milliseconds: number } {
  return { at: front.at - askedAt, milliseconds }
}

/** The third request for a path at one tap is the third at the other: who stands in between may use other connections. */
export function twinOf(
  exchange: Exchange,
  own: readonly Exchange[],
  others: readonly Exchange[],
): Exchange | undefined {
  const isSame = ({ request }: Exchange) =>
    request.method === exchange.request.method && request.target === exchange.request.target
  return others.filter(isSame)[own.filter(isSame).indexOf(exchange)]
}

export function wholeExchangeOf(exchange: PageExchange, items: Exchange['items'], judgement: Judgement): WholeExchange {
  return { exchange, ...judgement, list: items.map(pageItemOf) }
}
