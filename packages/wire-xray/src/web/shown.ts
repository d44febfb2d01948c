import type { Direction } from '../span.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { createJudge } from './judge.ts'
import { createNamer, type NamedBytes } from './named-bytes.ts'
import {
  type Judgement,
  type Outline,
  type PageExchange,
  pageExchangeOf,
  type Tapped,
  twinOf,
} from './page-exchange.ts'
import { reachOf } from './reach.ts'

/** Where exchanges are seen. A timeline is one, and so is what was recorded. */
export interface WebTap {
  /** What people call it: `in front of nginx`. */
  readonly name: string
  readonly exchanges: readonly Exchange[]
}

export interface ShownOptions {
  readonly title: string
  readonly taps: readonly WebTap[]
  readonly shift: number
  /** Whether more may come. */
  readonly live: boolean
}

/** What can be asked of a view. Of an exchange that is not there, undefined. */
export interface Shown {
  all(): {
    /** Which view this is: another one, at the same address, has other exchanges with the same numbers. */
    readonly view: string
    readonly title: string
    readonly live: boolean
    readonly taps: readonly string[]
    readonly exchanges: readonly PageExchange[]
  }
  exchange(tap: number, number: number): Exchange | undefined
  outline(tap: number, exchange: Exchange): Outline
  judgement(tap: number, exchange: Exchange): Judgement
  bytes(exchange: Exchange, direction: Direction, from: number): Promise<NamedBytes>
}

export function createShown({ title, taps, shift, live }: ShownOptions): Shown {
  const bytes = createNamer()
  const judge = createJudge()
  const view = crypto.randomUUID()

  const tapped = (): Tapped => ({ front: taps[0]?.exchanges ?? [], back: taps[1]?.exchanges ?? [], shift })

  return {
    all: () => ({
      view,
      title,
      live,
      taps: taps.map(({ name }) => name),
      exchanges: taps.flatMap(({ exchanges }, tap) => exchanges.map((exchange) => pageExchangeOf(tap, exchange))),
    }),
    exchange: (tap, number) => taps[tap]?.exchanges.find((exchange) => exchange.number === number),
    outline(tap, exchange) {
      const twin = twinOf(tap, exchange, tapped())
      return { exchange: pageExchangeOf(tap, exchange), ...(twin && { twin: twin.number }), reach: reachOf(exchange) }
    },
    judgement: (tap, exchange) => judge(tap, exchange, tapped()),
    bytes,
  }
}
