import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './exercises.ts'
import { writeWhole } from './write-file.ts'

/** The folder of what is remembered of a learner; git does not see it, and nothing of it leaves the machine. */
export const MEMORY: string = join(ROOT, '.course')
const FILE = join(MEMORY, 'state.json')

/** What is remembered. A cache: the learner's files are the truth, and `check all` finds it again. */
export interface State {
  readonly version: 1
  /** The id of the exercise that commands without an id mean. */
  readonly current?: string
  readonly exercises: Readonly<Record<string, Progress>>
}

export interface Progress {
  /** When its file was made, and when all its tests passed first; ISO 8601. */
  readonly startedAt?: string
  readonly doneAt?: string
  /** Runs of its tests. */
  readonly attempts?: number
  /** Tiers of hints that were shown. */
  readonly hints?: number
  /** Ids of mistakes whose hint was shown. */
  readonly shownMistakes?: readonly string[]
  /** Which option was chosen before any code was written, from 0. */
  readonly prediction?: number
  /** Of the stub from which the learner's file was made. */
  readonly stubHash?: string
  /** Of the last run: tests passed, tests in all, the mistake that its failure named. */
  readonly passed?: number
  readonly tests?: number
  readonly mistake?: string
}

const EMPTY: State = { version: 1, exercises: {} }

/** What is remembered; nothing when there is nothing. What cannot be read is put aside as `.bak`, and `warn` is told. */
export function readState(warn: (sentence: string) => void): State {
  if (!existsSync(FILE)) return EMPTY
  try {
    const value: unknown = JSON.parse(readFileSync(FILE, 'utf8'))
    if (isState(value)) return value
  } catch {
    // half-written, or no text at all: as below
  }
  putAside(warn)
  return EMPTY
}

function putAside(warn: (sentence: string) => void): void {
  try {
    renameSync(FILE, `${FILE}.bak`)
    warn(
      '.course/state.json could not be read; it is .course/state.json.bak now. "npm run course check all" finds out again what you have done.',
    )
  } catch {
    warn('.course/state.json can neither be read nor renamed; what you have done is not remembered.')
  }
}

function isState(value: unknown): value is State {
  if (typeof value !== 'object' || value === null || !('version' in value) || !('exercises' in value)) return false
  const { version, exercises } = value
  if (version !== 1 || typeof exercises !== 'object' || exercises === null || Array.isArray(exercises)) return false
  return Object.values(exercises).every((progress) => typeof progress === 'object' && progress !== null)
}

/** What is remembered of one exercise. */
export function progressOf({ exercises }: State, id: string): Progress {
  return exercises[id] ?? {}
}

/** The state with other fields for one exercise; undefined takes a field out. */
export function withProgress(
  state: State,
  id: string,
  fields: { [K in keyof Progress]: Progress[K] | undefined },
): State {
  const all = Object.entries({ ...progressOf(state, id), ...fields }).filter(([, value]) => value !== undefined)
  return { ...state, exercises: { ...state.exercises, [id]: Object.fromEntries(all) } }
}

/** @throws Sentence when it cannot be written */
export function writeState(state: State): void {
  writeWhole(FILE, `${JSON.stringify(state, null, 2)}\n`)
}

/** Tells one text from another. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
