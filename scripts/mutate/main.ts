// npm run mutate [-- phases…]: do the tests of the exercises notice when something in an answer is changed?
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, orExit } from '../../examples/command-line.ts'
import { PHASES, phaseFolders, ROOT } from '../course/exercises.ts'
import { type FileScore, percentOf, scoresIn } from './report.ts'
import { fetchStryker, tryMutants } from './stryker.ts'

const HELP = `npm run mutate                      every mutant that Stryker makes of the answers of all phases: more than an hour
npm run mutate -- 1 2               of these phases
npm run mutate -- 1 --min 95        exit code 1 below 95 % of mutants noticed (default 90)
npm run mutate -- 1 --jobs 1        with one process (default: as many as there are cores)

A mutant is an answer with one small change: a condition that is always true, a + for a -, an empty block. One that passes
all tests is listed with its line: a test is missing there, or the change means nothing. The mutants of the course itself,
which are mistakes of people, are another matter: npm run course verify.

Stryker is fetched from the npm registry when it is first needed.`

const options = orExit(readArguments)
if (options === undefined) console.log(HELP)
else
  try {
    process.exitCode = mutate(options)
  } catch (error) {
    fail(error)
  }

interface MutateOptions {
  readonly phases: readonly string[]
  readonly min: number
  readonly jobs: number
}

function readArguments(): MutateOptions | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      min: { type: 'string', default: '90' },
      jobs: { type: 'string', default: `${availableParallelism()}` },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return undefined
  const [min, jobs] = [Number(values.min), Number(values.jobs)]
  if (!(min >= 0 && min <= 100)) throw new RangeError(`--min is a number of percent, not ${values.min}`)
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new RangeError(`--jobs is a whole number from 1 on, not ${values.jobs}`)
  return { phases: positionals.length === 0 ? phaseFolders() : positionals.map(phaseNamed), min, jobs }
}

function phaseNamed(word: string): string {
  const found = phaseFolders().find((folder) => folder === word || folder.startsWith(`${word}-`))
  if (found === undefined) throw new RangeError(`there is no phase ${word}: ${phaseFolders().join(', ')}`)
  return found
}

/** @returns the exit code */
function mutate({ phases, min, jobs }: MutateOptions): number {
  fetchStryker()
  const scores: FileScore[] = []
  for (const phase of phases) {
    const report = join(ROOT, '.cache', 'mutants', `${phase}.json`)
    if (!tryMutants(join(PHASES, phase), report, jobs) || !existsSync(report)) {
      console.error(`Stryker did not come to an end in ${phase}: it says why above.`)
      return 1
    }
    scores.push(...scoresIn(report).map((score) => ({ ...score, file: `phases/${phase}/${score.file}` })))
  }
  show(scores)
  const percent = percentOf(scores)
  console.log(`\n${percent.toFixed(1)} % of ${count(scores)} mutants noticed; wanted: ${min} %`)
  return percent < min ? 1 : 0
}

function show(scores: readonly FileScore[]): void {
  for (const { file, survivors } of scores)
    for (const { line, change } of survivors) console.log(`${file}:${line}  ${change}`)
  console.log('\nnoticed  of  answer')
  for (const score of scores)
    console.log(`${percentOf([score]).toFixed(1).padStart(5)} % ${`${score.tried}`.padStart(4)}  ${score.file}`)
}

function count(scores: readonly FileScore[]): number {
  return scores.reduce((sum, { tried }) => sum + tried, 0)
}
