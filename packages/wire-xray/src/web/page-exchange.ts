import type { Diagnosis } from '../diagnose/index.ts'
import { diagnose, diagnoseHop } from '../diagnose/index.ts'
import type { Counts, Exchange, ExchangeEnd, LeftOut } from '../timeline/exchange.ts'
import type { Residence } from '../timeline/residence.ts'
import { residencesOf } from '../timeline/residence.ts'
import { type Timings, timingsOf } from '../timeline/timings.ts'

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

/** What comes before the items of an exchange, so that a page can lay out all of it and fill it in. */
export interface Outline {
  readonly exchange: PageExchange
  /** Of two taps: the number of the same exchange at the other one. */
  readonly twin?: number
  /** When the last item came, and how much of the answer had. */
  readonly reach: Reach
}

/** Where its curves end. `at` is in milliseconds of the exchange's tap. */
export interface Reach {
  readonly at: number
  readonly bytes: number
  readonly events: number
  readonly tokens: number
}

/** What all items of an exchange add up to. */
export interface Judgement {
  /** How many items there were: of one that grows there may be more by now. */
  readonly items: number
  readonly timings: Timings
  readonly findings: readonly Diagnosis[]
  /** Of two taps: for how long events were held, in milliseconds. */
  readonly held?: { readonly p50: number; readonly max: number }
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

/** It goes through all of the items: see {@link createJudge} for how often. */
export function judgementOf(tap: number, exchange: Exchange, tapped: Tapped): Judgement {
  const twin = twinOf(tap, exchange, tapped)
  const pair = tap === 0 ? ([exchange, twin ?? exchange] as const) : ([twin ?? exchange, exchange] as const)
  const held = twin && heldOf(residencesOf(pair[0], pair[1], tapped.shift).events)
  const ofHop = twin ? diagnoseHop(pair[0], pair[1], tapped.shift) : []
  return {
    items: exchange.items.length,
    timings: timingsOf(exchange),
    findings: [...ofHop, ...diagnose(exchange)],
    ...(held && { held }),
  }
}

function heldOf(residences: readonly Residence[]): Judgement['held'] {
  const delays = residences.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
  const [p50, max] = [delays[delays.length >> 1], delays.at(-1)]
  return p50 === undefined || max === undefined ? undefined : { p50, max }
}

/**
 * The same exchange at the other tap. The third request for a path at one is the third at the other: who stands in between
 * may use other connections.
 */
export function twinOf(tap: number, exchange: Exchange, { front, back }: Tapped): Exchange | undefined {
  const [own, others] = tap === 0 ? [front, back] : [back, front]
  const isSame = ({ request }: Exchange) =>
    request.method === exchange.request.method && request.target === exchange.request.target
  return others.filter(isSame)[own.filter(isSame).indexOf(exchange)]
}
