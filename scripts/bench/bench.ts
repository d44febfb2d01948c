import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { compareDelays, type Delay, type DelayRace } from './delay.ts'
import { type Race, type RaceOptions, type Result, race, type SkippedRace } from './race.ts'
import { headline, linesOf } from './table.ts'
import { type Weighing, type Weight, weigh } from './weigh.ts'

export interface Bench {
  /** As in `npm run bench:<name>`. */
  readonly name: string
  /** What is measured and how, for `--help`. */
  readonly description: string
  readonly races: readonly (Race | SkippedRace | Weighing | DelayRace)[]
}

const LEAST_ROUNDS = 7

/** The program behind `npm run bench:<name>`: arguments, rounds, a table or JSON. Always exits 0: speed is no test. */
export async function runBench({ name, description, races }: Bench): Promise<void> {
  const values = orExit(readArguments)
  if (values.help) return console.log(help(name, description))
  const { rounds } = values
  const seconds = values.full ? 1 : 0.15
  const chosen = orExit(() => chosenOf(races, values.only))
  const colors = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined
  const print = values.json ? () => {} : (line: string) => console.log(line)

  const facts = { ...machine(), rounds, seconds }
  print(`bench:${name}   Node ${facts.node}, ${facts.system}, ${facts.processors} x ${facts.processor}`)
  print(`medians of ${rounds} interleaved rounds of ${seconds} s; a ratio above 1 means that we are faster\n`)
  print(headline())
  const results: (Result | SkippedRace | Weight | Delay)[] = []
  for (const course of chosen) {
    const result = await measured(course, { rounds, seconds })
    results.push(result)
    for (const line of linesOf(result, colors)) print(line)
  }
  if (values.json) console.log(JSON.stringify({ bench: name, ...facts, results }, undefined, 2))
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      full: { type: 'boolean' },
      rounds: { type: 'string' },
      only: { type: 'string' },
    },
  })
  return { ...values, rounds: roundsOf(values.rounds, values.full) }
}

function chosenOf(races: Bench['races'], only: string = ''): Bench['races'] {
  const chosen = races.filter(({ title }) => title.includes(only))
  if (chosen.length > 0) return chosen
  throw new RangeError(`--only ${only} is in no title: ${races.map(({ title }) => title).join(', ')}`)
}

/** What the command line says; or says in a sentence what is wrong with it, and exits with 2. */
function orExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} (--help says more)`)
    process.exit(2)
  }
}

function measured(
  course: Bench['races'][number],
  options: RaceOptions,
): Promise<Result | Weight | Delay> | SkippedRace {
  if ('skipped' in course) return course
  if ('least' in course) return compareDelays(course, options.rounds)
  return 'scale' in course ? weigh(course, 1) : race(course, options)
}

function roundsOf(given: string | undefined, full = false): number {
  if (given === undefined) return full ? 15 : LEAST_ROUNDS
  const rounds = Number(given)
  if (Number.isInteger(rounds) && rounds > 0) return rounds
  throw new RangeError(`--rounds is a whole number, not ${given}`)
}

/** What a reader needs to judge a number, and nothing that says whose machine it is. */
function machine(): { node: string; system: string; processors: number; processor: string } {
  return {
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    processors: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
  }
}

function help(name: string, description: string): string {
  return `npm run bench:${name} [-- options]

${description}

  --full         the long form: 15 rounds of a second each
  --rounds <n>   how many rounds (${LEAST_ROUNDS} or more for numbers to be shown around)
  --only <text>  only the rows with this in their title
  --json         everything as JSON, to the standard output
  --help`
}
