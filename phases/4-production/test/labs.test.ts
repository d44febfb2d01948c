import { describeWith, type ToolName } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import type { Lab, Outcome } from '../labs/engine/lab.ts'
import { LABS } from '../labs/labs.ts'

// What an experiment claims is what was measured; so it is measured again. Most of its time is waiting, so some run side by side:
// all are begun by the first test, in this order.
const AT_ONCE = 6
const TIMEOUT = 120_000

const asked = new Map<string, () => Promise<Outcome>>()
const begin = lazily(() => runAll([...asked.values()]))

for (const lab of LABS)
  describeWith(programsOf(lab), `${lab.id} ${lab.title}`, () => {
    test('all that it claims holds, and the question has an answer', { timeout: TIMEOUT }, async () => {
      const outcome = await outcomeOf(`${lab.id} real`)
      expect(refuted(outcome), shown(outcome)).toEqual([])
      expect(lab.options[outcome.right ?? -1], shown(outcome)).toBeDefined()
    })
    want(`${lab.id} real`, () => lab.run())
  })

describe('with imitations in the place of all programs', () => {
  for (const lab of LABS.filter(canBeImitated)) {
    want(`${lab.id} imitated`, () => lab.run({ imitate: true }))
    test(`${lab.id} ${lab.title}: all that it claims holds, too`, { timeout: TIMEOUT }, async () => {
      const outcome = await outcomeOf(`${lab.id} imitated`)
      expect(refuted(outcome), shown(outcome)).toEqual([])
    })
  }
})

test('every experiment has a number of its own, a repair, and as many answers as it takes to be wrong', () => {
  expect(LABS.map(({ id }) => id)).toEqual(LABS.map((_, nth) => `L${nth + 3}`))
  for (const { repair, options } of LABS) {
    expect(repair).not.toBe('')
    expect(options.length).toBeGreaterThan(1)
  }
})

function want(name: string, run: () => Promise<Outcome>): void {
  asked.set(
    name,
    lazily(() => run()),
  )
}

async function outcomeOf(name: string): Promise<Outcome> {
  void begin()
  const run = asked.get(name)
  if (run === undefined) throw new Error(`${name} was not asked for`)
  return await run()
}

function lazily<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined
  return () => (started ??= start())
}

/** Each failure belongs to the test that asks for it. */
async function runAll(runs: (() => Promise<unknown>)[]): Promise<void> {
  const work = async () => {
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) await run().catch(() => {})
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

function programsOf({ setups }: Lab): ToolName[] {
  return [...new Set(setups.flatMap(({ programs }) => programs))]
}

function canBeImitated({ setups }: Lab): boolean {
  return setups.some(({ canImitate, programs }) => canImitate && programs.length > 0)
}

function refuted({ claims }: Outcome): string[] {
  return claims.filter(({ holds }) => !holds).map(({ says }) => says)
}

function shown({ rows }: Outcome): string {
  return JSON.stringify(rows, null, 1)
}
