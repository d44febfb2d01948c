import { type Exercise, findExercises } from './exercises.ts'
import { didYouMean } from './nearest.ts'
import { WrongUsage } from './sentence.ts'
import { type Progress, progressOf, readState, type State, withProgress, writeState } from './state.ts'
import { plainStyle, type Style, styleOf } from './style.ts'

/** What a command works on: the course, what is remembered, and the one at the keyboard. */
export interface Desk {
  readonly exercises: readonly Exercise[]
  readonly state: State
  readonly style: Style
  /** Writes a line, or more of them. */
  say(text: string): void
  /** Writes a line that is no result: to stderr. */
  warn(text: string): void
  /** Changes what is remembered. One that cannot be written is told once, and is not fatal. */
  remember(change: (state: State) => State): void
}

/** The desk of this process. */
export function openDesk(): Desk {
  const warn = (text: string) => process.stderr.write(`course: ${text}\n`)
  const exercises = findExercises()
  let state = readState(warn)
  let told = false
  return {
    exercises,
    get state() {
      return state
    },
    style: process.stdout.isTTY ? styleOf(process.env) : plainStyle(process.env),
    say: (text) => process.stdout.write(`${text}\n`),
    warn,
    remember(change) {
      state = change(state)
      try {
        writeState(state)
      } catch (error) {
        if (!told)
          warn(
            `${error instanceof Error ? error.message : error}. Your progress is not remembered; your files are not touched.`,
          )
        told = true
      }
    },
  }
}

/** Changes what is remembered of one exercise. */
export function note(desk: Desk, { id }: Exercise, fields: { [K in keyof Progress]: Progress[K] | undefined }): void {
  desk.remember((state) => withProgress(state, id, fields))
}

/** What is remembered of an exercise. */
export function noted(desk: Desk, { id }: Exercise): Progress {
  return progressOf(desk.state, id)
}

/** The exercise that a command without an id means: the one chosen last, else the first that is not done, else the first. */
export function currentOf(desk: Desk): Exercise {
  const { exercises, state } = desk
  const found =
    exercises.find(({ id }) => id === state.current) ??
    exercises.find((exercise) => noted(desk, exercise).doneAt === undefined) ??
    exercises[0]
  if (found === undefined) throw new WrongUsage('there is no exercise in phases/')
  return found
}

/**
 * The exercise with this id (`1.2`), name (`one-chunk`) or folder (`phases/1-chunked/02-one-chunk`); the current one when nothing is named.
 *
 * @throws WrongUsage that names the nearest ones
 */
export function exerciseNamed(desk: Desk, word: string | undefined): Exercise {
  if (word === undefined) return currentOf(desk)
  const found = desk.exercises.find((exercise) => isNamed(exercise, word))
  if (found !== undefined) return found
  throw new WrongUsage(
    `there is no exercise ${word}${didYouMean(word, namesOf(desk))}\n"npm run course list" shows them all.`,
  )
}

/**
 * The exercises that the words mean: ids, names, phases (`1`, `1-chunked`) or `all`; the current one when there are none.
 *
 * @throws WrongUsage that names the nearest ones
 */
export function exercisesNamed(desk: Desk, words: readonly string[]): readonly Exercise[] {
  if (words.length === 0) return [currentOf(desk)]
  if (words.includes('all')) return desk.exercises
  const wanted = new Set(words.flatMap((word) => inPhase(desk, word) ?? [exerciseNamed(desk, word)]))
  return desk.exercises.filter((exercise) => wanted.has(exercise))
}

function inPhase({ exercises }: Desk, word: string): Exercise[] | undefined {
  const found = exercises.filter(({ phase }) => phase === word || phase.split('-')[0] === word)
  return found.length > 0 ? found : undefined
}

function isNamed({ id, slug, phase, folder }: Exercise, word: string): boolean {
  const name = word
    .replaceAll('\\', '/')
    .replace(/\/+$/, '')
    .replace(/^.*phases\//, '')
  const path = folder.replaceAll('\\', '/').replace(/^.*\/phases\//, '')
  return (
    id.toLowerCase() === word.toLowerCase() ||
    [slug, bareName(slug), path].includes(name) ||
    name.startsWith(`${path}/`) ||
    name === `${phase}/${slug}`
  )
}

/** `02-one-chunk` is `one-chunk` to people. */
function bareName(slug: string): string {
  return slug.replace(/^[^-]+-/, '')
}

function namesOf({ exercises }: Desk): string[] {
  return [...exercises.map(({ id }) => id), ...exercises.map(({ slug }) => bareName(slug)), 'all']
}
