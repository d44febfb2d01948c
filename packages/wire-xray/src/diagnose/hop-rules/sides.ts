import type { Exchange } from '../../timeline/exchange.ts'
import type { Residences } from '../../timeline/residence.ts'
import type { Hop } from '../hop-of.ts'

/** Two taps see what one can only guess: the same exchange before and behind a hop. */
export interface Sides {
  readonly front: Exchange
  readonly residences: Residences
  readonly hop: Hop
}
