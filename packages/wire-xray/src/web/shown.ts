import type { Direction } from '../span.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { createNamer, type NamedBytes } from './named-bytes.ts'
import { judgementOf, type PageExchange, pageExchangeOf, type WholeExchange, wholeExchangeOf } from './page-exchange.ts'

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

/** What can be asked of a view. */
export interface Shown {
  all(): {
    readonly title: string
    readonly live: boolean
    readonly taps: readonly string[]
    readonly exchanges: readonly PageExchange[]
  }
  whole(tap: number, number: number): WholeExchange | undefined
  bytes(tap: number, number: number, direction: Direction, from: number): NamedBytes | undefined
}

export function createShown({ title, taps, shift, live }: ShownOptions): Shown {
  const namer = createNamer()

  function find(tap: number, number: number): Exchange | undefined {
    return taps[tap]?.exchanges.find((exchange) => exchange.number === number)
  }

  return {
    all: () => ({
      title,
      live,
      taps: taps.map(({ name }) => name),
      exchanges: taps.flatMap(({ exchanges }, tap) => exchanges.map((exchange) => pageExchangeOf(tap, exchange))),
    }),
    whole(tap, number) {
      const exchange = find(tap, number)
      if (!exchange) return undefined
      const tapped = { front: taps[0]?.exchanges ?? [], back: taps[1]?.exchanges ?? [], shift }
      const judgement = judgementOf(tap, exchange, tapped)
      return wholeExchangeOf(pageExchangeOf(tap, exchange), exchange.items, judgement)
    },
    bytes(tap, number, direction, from) {
      const exchange = find(tap, number)
      return exchange && namer(exchange, direction, Number.isFinite(from) ? from : 0)
    },
  }
}
