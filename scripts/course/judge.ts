import { dirname, join } from 'node:path'
import { type Desk, note, noted } from './desk.ts'
import type { Exercise } from './exercises.ts'
import { namedMistakes } from './golden.ts'
import { isStarted } from './learner-files.ts'
import type { FileResult, TestResult } from './plan.ts'
import { type RunResult, run } from './run.ts'

/** What came of the learner's code. */
export interface Verdict {
  readonly exercise: Exercise
  /** `missing`: there is no file yet. `broken`: it did not get as far as a test. */
  readonly state: 'done' | 'failing' | 'not started' | 'missing' | 'broken'
  /** In the order of the story. */
  readonly tests: readonly TestResult[]
  /** What failed first: the name of a test, if it was one, and its words. */
  readonly failure?: Failure
  /** What the code printed, if it ran alone. */
  readonly printed?: string
}

export interface Failure {
  readonly test?: string
  readonly text: string
  /** The mistake that it names, if it knows one. */
  readonly mistake?: string
}

/** Seconds a learner's code may be busy without once looking at an event. */
const PATIENCE = 5
/** Milliseconds for a run, and for each exercise in it; far more than a right answer takes on a slow machine. */
const BASE = 120_000
const EACH = 60_000

/**
 * Runs the tests of exercises against the learner's code, and remembers what came of it.
 *
 * @throws the reason of `signal` when it is aborted
 */
export async function judge(desk: Desk, exercises: readonly Exercise[], signal?: AbortSignal): Promise<Verdict[]> {
  const begun = exercises.filter(isStarted)
  const files = begun.map(({ folder, test }) => join(folder, test))
  const bail = begun.length === 1 // one failure is what a learner looks at; of all exercises, the state of each
  const plan = { targets: [{ target: 'learner' as const, files }], bail, isolate: true }
  const limit = BASE + EACH * files.length
  const outcome = files.length > 0 ? await run(plan, { patience: PATIENCE, limit, ...(signal && { signal }) }) : NOTHING
  const verdicts = exercises.map((exercise) => (isStarted(exercise) ? verdictOf(exercise, outcome) : missing(exercise)))
  for (const verdict of verdicts) recordVerdict(desk, verdict)
  if (exercises.length > 1 || outcome.printed === '') return verdicts
  return verdicts.map((verdict) => ({ ...verdict, printed: outcome.printed }))
}

const NOTHING: RunResult = { results: [], errors: [], loops: [], printed: '', output: '' }

function missing(exercise: Exercise): Verdict {
  const mine = exercise.work[0]?.mine ?? 'exercise.ts'
  return { exercise, state: 'missing', tests: [], failure: { text: `There is no ${mine} yet: npm run course start` } }
}

function verdictOf(exercise: Exercise, { results, errors, loops }: RunResult): Verdict {
  const test = join(exercise.folder, exercise.test)
  const result = results.find(({ file }) => dirname(file) === exercise.folder)
  if (loops.includes(test)) return loop(exercise, result)
  if (result === undefined) return broken(exercise, errors[0] ?? 'The tests did not run.')
  const [outside] = [...result.errors, ...errors.filter((text) => results.length === 1 || text.includes(exercise.slug))]
  const { tests } = result
  const first = tests.find(({ state }) => state === 'failed' || state === 'not started')
  if (first?.state === 'not started')
    return { exercise, state: notStartedYet(tests), tests, failure: { text: first.text } }
  if (first !== undefined) return { exercise, state: 'failing', tests, failure: failureOf(first) }
  if (outside !== undefined) return { ...broken(exercise, outside), tests }
  if (!tests.some(({ state }) => state === 'passed')) return broken(exercise, 'No test ran.')
  return { exercise, state: 'done', tests }
}

function notStartedYet(tests: readonly TestResult[]): 'failing' | 'not started' {
  return tests.some(({ state }) => state === 'passed') ? 'failing' : 'not started'
}

function loop(exercise: Exercise, result: FileResult | undefined): Verdict {
  const mine = exercise.work[0]?.mine
  const text = `${mine} was busy for ${PATIENCE} s and never came back: a loop without an end? It was stopped.`
  return { exercise, state: 'broken', tests: result?.tests ?? [], failure: { text } }
}

function broken(exercise: Exercise, text: string): Verdict {
  return { exercise, state: 'broken', tests: [], failure: { text } }
}

function failureOf({ name, text }: TestResult): Failure {
  const [mistake] = namedMistakes(text)
  return { test: name, text, ...(mistake !== undefined && { mistake }) }
}

function recordVerdict(desk: Desk, { exercise, state, tests, failure }: Verdict): void {
  const before = noted(desk, exercise)
  if (state === 'missing' && Object.keys(before).length === 0) return
  note(desk, exercise, {
    doneAt: state === 'done' ? (before.doneAt ?? new Date().toISOString()) : undefined,
    attempts: state === 'missing' ? before.attempts : (before.attempts ?? 0) + 1,
    passed: tests.filter(({ state: test }) => test === 'passed').length,
    tests: tests.length,
    mistake: failure?.mistake,
  })
}
