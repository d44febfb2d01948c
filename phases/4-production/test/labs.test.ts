import { describe, expect, test } from 'vitest'
import type { Lab, Outcome } from '../labs/engine/lab.ts'
import { LABS } from '../labs/labs.ts'

// What an experiment claims is what was measured; so it is measured again, side by side: most of the time is waiting.
const named = LABS.map((lab) => [`${lab.id} ${lab.title}`, lab] as const)

describe('with the programs that are here', () => {
  test.concurrent.each(named)('%s: all that it claims holds', { timeout: 60_000 }, async (_, lab) => {
    const outcome = await lab.run()
    expect(refuted(outcome), JSON.stringify(outcome.rows, null, 1)).toEqual([])
    const isComplete = outcome.rows.every(({ absent }) => absent === undefined)
    if (isComplete) expect(outcome.claims.length).toBeGreaterThan(0)
    if (isComplete) expect(lab.options[outcome.right ?? -1]).toBeDefined()
  })
})

describe('with imitations only', () => {
  const imitable = named.filter(([, lab]) => canBeImitated(lab))

  test.concurrent.each(imitable)('%s: all that it claims holds, too', { timeout: 60_000 }, async (_, lab) => {
    const outcome = await lab.run({ imitate: true })
    expect(refuted(outcome), JSON.stringify(outcome.rows, null, 1)).toEqual([])
  })
})

function refuted({ claims }: Outcome): string[] {
  return claims.filter(({ holds }) => !holds).map(({ says }) => says)
}

function canBeImitated({ setups }: Lab): boolean {
  return setups.some(({ canImitate, programs }) => canImitate && programs.length > 0)
}
