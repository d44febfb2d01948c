import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { demoProblems } from './demos.ts'
import { exercisesNamed, openDesk } from './desk.ts'
import { type Exercise, findExercises, phaseFolders } from './exercises.ts'
import { firstFailure, goldenFile, namedMistakes, steady } from './golden.ts'
import { hintProblems } from './hints.ts'
import type { FileResult, Plan, PlannedTarget, Target } from './plan.ts'
import { roadmapProblems, uncovered } from './roadmap.ts'
import { run } from './run.ts'
import { importsProblems, structureProblems } from './structure.ts'

/** Something that an exercise promises and does not keep. */
export interface Problem {
  readonly id: string
  readonly text: string
}

/** Seconds a thread may be busy: a lab that asks a browser for its version waits for it, and a busy machine takes its time. */
const PATIENCE = 60

function planOf(targets: readonly PlannedTarget[]): Plan {
  return { targets, bail: false, isolate: false }
}

/**
 * Checks exercises: their files, their hints, their demos, and their tests against the stub (not started), the answer and the
 * package (green), and each mutant (red, and named).
 *
 * @param write takes the failures of now for the ones that learners are to see
 */
export async function verify(exercises: readonly Exercise[], write: boolean): Promise<Problem[]> {
  const whole = exercises.filter((exercise) => missing(exercise).length === 0)
  // Together: mutants that never answer leave most of the time to the demos.
  const [{ results, errors, output }, demos] = await Promise.all([
    run(planOf(targetsOf(whole)), { patience: PATIENCE }),
    demoProblems(whole),
  ])
  const beside = errors.map((text) => ({ id: 'all', text: `${text}\n${output}` }))
  const each = exercises.flatMap((exercise) => {
    const own = results.filter(({ file }) => dirname(file) === exercise.folder)
    const texts = whole.includes(exercise)
      ? [...promiseProblems(exercise, own, write), ...(demos.get(exercise) ?? [])]
      : missing(exercise)
    return texts.map((text) => ({ id: exercise.id, text }))
  })
  return [...beside, ...each]
}

function missing(exercise: Exercise): string[] {
  return structureProblems(exercise).filter((text) => text.endsWith(' is missing'))
}

function promiseProblems(exercise: Exercise, own: readonly FileResult[], write: boolean): string[] {
  return [
    ...structureProblems(exercise),
    ...hintProblems(exercise),
    ...roadmapProblems(exercise),
    ...stubProblems(own),
    ...greenProblems(own, 'solution'),
    ...greenProblems(own, 'package'),
    ...exercise.mutants.flatMap((mutant, nth) =>
      mutantProblems(exercise, mutant, resultOf(own, `mutant:${nth}`), write),
    ),
  ]
}

/** What is wrong with the course as a whole: what the roadmap wants and no exercise teaches, and what `#ex/…` means. */
function courseProblems(): Problem[] {
  const gaps = uncovered(findExercises()).map(({ id, teaches }) => ({
    id: 'roadmap',
    text: `nothing teaches ${teaches} (${id})`,
  }))
  return [...gaps, ...phaseFolders().flatMap((phase) => importsProblems(phase).map((text) => ({ id: phase, text })))]
}

/** Runs the tests of the answers again and again: a test that fails once in a hundred times is wrong. */
export async function repeat(exercises: readonly Exercise[], times: number): Promise<Problem[]> {
  const [solutions] = targetsOf(exercises).filter(({ target }) => target === 'solution')
  const problems: Problem[] = []
  for (let nth = 1; nth <= times; nth++) {
    const { results, errors } = await run(planOf(solutions ? [solutions] : []), { patience: PATIENCE })
    const failed = exercises.flatMap(({ id, folder }) => {
      const own = results.filter(({ file }) => dirname(file) === folder)
      return greenProblems(own, 'solution').map((text) => ({ id, text: `in run ${nth} of ${times}: ${text}` }))
    })
    problems.push(...errors.map((text) => ({ id: 'all', text })), ...failed)
  }
  return problems
}

function targetsOf(exercises: readonly Exercise[]): PlannedTarget[] {
  const filesOf = (wanted: (exercise: Exercise) => boolean) =>
    exercises.filter(wanted).map(({ folder, test }) => join(folder, test))
  const most = Math.max(0, ...exercises.map(({ mutants }) => mutants.length))
  const slots = Array.from({ length: most }, (_, nth): PlannedTarget => {
    return { target: `mutant:${nth}`, files: filesOf(({ mutants }) => mutants.length > nth) }
  })
  return [
    { target: 'stub', files: filesOf(() => true) },
    { target: 'solution', files: filesOf(() => true) },
    { target: 'package', files: filesOf(hasPackage) },
    ...slots,
  ]
}

function hasPackage({ folder }: Exercise): boolean {
  return existsSync(join(folder, 'package.ts'))
}

function resultOf(results: readonly FileResult[], target: Target): FileResult | undefined {
  return results.find((result) => result.target === target)
}

function stubProblems(results: readonly FileResult[]): string[] {
  const stub = resultOf(results, 'stub')
  if (stub === undefined || stub.errors.length > 0) return [`the stub does not run: ${stub?.errors.join('\n') ?? ''}`]
  const begun = stub.tests.filter(({ state }) => state !== 'not started' && state !== 'skipped')
  return begun.map(({ name, state, text }) => `the stub is ${state} in "${name}", not "not started": ${text}`)
}

function greenProblems(results: readonly FileResult[], target: 'solution' | 'package'): string[] {
  const result = resultOf(results, target)
  if (result === undefined) return [] // what is only observed has no package; a missing answer is a matter of structure
  const failed = result.tests.filter(({ state }) => state === 'failed' || state === 'not started')
  return [
    ...result.errors.map((text) => `the ${target} does not run: ${text}`),
    ...failed.map(({ name, text }) => `the ${target} fails in "${name}":\n${text}`),
  ]
}

function mutantProblems(exercise: Exercise, mutant: string, result: FileResult | undefined, write: boolean): string[] {
  const failure = result && firstFailure(result)
  if (failure === undefined) return [`the mutant ${mutant} passes: what does it do wrong that no test sees?`]
  const text = steady(failure)
  const named = namedMistakes(text)
  const problems =
    named[0] === mutant ? [] : [`the mutant ${mutant} is explained as ${named[0] ?? 'nothing'}:\n${text}`]
  return [...problems, ...goldenProblems(goldenFile(exercise, mutant), text, write)]
}

function goldenProblems(file: string, text: string, write: boolean): string[] {
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  if (kept === text) return []
  if (!write) return [`${file.replace(/^.*\/phases\//, 'phases/')} is not what a learner sees:\n${text}`]
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return []
}

/**
 * Checks exercises, and says what is wrong with them.
 *
 * @param words ids, names or phases; all exercises, and the roadmap, when there are none
 * @param times runs the tests of the answers so often instead
 * @returns the exit code
 * @throws WrongUsage for an id that does not exist
 */
export async function verifyAndSay(words: readonly string[], write: boolean, times?: number): Promise<number> {
  const from = performance.now()
  const exercises = words.length === 0 ? findExercises() : exercisesNamed(openDesk(), words)
  const problems =
    times === undefined
      ? [...(await verify(exercises, write)), ...(words.length === 0 ? courseProblems() : [])]
      : await repeat(exercises, times)
  for (const { id, text } of problems) console.log(`${id}  ${text}\n`)
  const mutants = exercises.flatMap((exercise) => exercise.mutants).length
  const seconds = ((performance.now() - from) / 1000).toFixed(1)
  console.log(`${exercises.length} exercises, ${mutants} mutants, ${problems.length} problems, ${seconds} s`)
  return problems.length > 0 || exercises.length === 0 ? 1 : 0
}

// Also as a program of its own: npx tsx --conditions=@sse-from-scratch/source scripts/course/verify.ts 1.4 --write
if (process.argv[1] === import.meta.filename) {
  const args = process.argv.slice(2)
  process.exitCode = await verifyAndSay(
    args.filter((arg) => !arg.startsWith('-')),
    args.includes('--write'),
  )
}
