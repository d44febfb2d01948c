import { describeWith, type ToolName } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { versionOf } from '../labs/engine/define-lab.ts'
import type { Lab, Outcome } from '../labs/engine/lab.ts'
import { LABS } from '../labs/labs.ts'

// What an experiment claims is what was measured; so it is measured again. Most of its time is waiting, so some run side by side:
// all are begun by the first test, and those that are heavy come last and alone.
const AT_ONCE = 6
const TIMEOUT = 600_000

const asked = new Map<string, () => Promise<Outcome>>()
const heavy: (() => Promise<Outcome>)[] = []
const light: (() => Promise<Outcome>)[] = []
const begin = lazily(() => {
  for (const program of new Set(LABS.flatMap(programsOf))) versionOf(program) // not in the middle of a measurement
  return runAll(light, AT_ONCE).then(() => runAll(heavy, 1))
})

for (const lab of LABS)
  describeWith(programsOf(lab), `${lab.id} ${lab.title}`, () => {
    test('all that it claims holds, and the question has an answer', { timeout: TIMEOUT }, async () => {
      const outcome = await outcomeOf(`${lab.id} real`)
      expect(refuted(outcome), shown(outcome)).toEqual([])
      expect(lab.options[outcome.right ?? -1], shown(outcome)).toBeDefined()
    })
    want(lab, 'real', () => lab.run())
  })

describe('with imitations in the place of all programs', () => {
  for (const lab of LABS.filter(canBeImitated)) {
    want(lab, 'imitated', () => lab.run({ imitate: true }))
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

function want({ id, isHeavy }: Lab, how: 'real' | 'imitated', start: () => Promise<Outcome>): void {
  const run = lazily(async () => {
    // A machine that stood still for as long as a timer of a hop has measured itself: once more, and once more.
    for (let more = 2; more > 0; more--) {
      const outcome = await start()
      if (refuted(outcome).length === 0) return outcome
    }
    return await start()
  })
  asked.set(`${id} ${how}`, run)
  ;(isHeavy ? heavy : light).push(run)
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
async function runAll(runs: (() => Promise<unknown>)[], atOnce: number): Promise<void> {
  const work = async () => {
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) await run().catch(() => {})
  }
  await Promise.all(Array.from({ length: atOnce }, work))
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
