import type { Exchange } from '../timeline/exchange.ts'
import { residencesOf } from '../timeline/residence.ts'
import type { Diagnosis } from './diagnosis.ts'
import { hopHolds } from './hop-rules/holds.ts'
import { itlTooGood } from './hop-rules/itl-too-good.ts'
import { oneBehind } from './hop-rules/one-behind.ts'
import type { Sides } from './hop-rules/sides.ts'
import { lookAt } from './look.ts'

/**
 * What the hop between two taps does to an exchange: `front` is between the client and the hop, `back` between the hop and the
 * server. Clocks as `residencesOf` has them.
 */
export function diagnoseHop(front: Exchange, back: Exchange, shift: number = 0): readonly Diagnosis[] {
  const sides: Sides = { front, residences: residencesOf(front, back, shift), hop: lookAt(front).hop }
  const behind = oneBehind(sides, shift)
  return [...(behind ?? hopHolds(sides)), ...itlTooGood(sides)]
}
