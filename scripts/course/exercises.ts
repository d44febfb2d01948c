import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))
export const PHASES: string = join(ROOT, 'phases')

/** What a learner writes, and what it begins as: names of files in the folder of the exercise. */
export interface Work {
  readonly stub: string
  readonly mine: string
}

/** An exercise or a lab of the course, as its folder has it. */
export interface Exercise extends FrontMatter {
  /** The folder of its phase: `1-chunked`. */
  readonly phase: string
  /** Its own folder: `02-one-chunk`. */
  readonly slug: string
  /** The whole path of its folder. */
  readonly folder: string
  /** The ids of its known wrong answers, in alphabetical order. */
  readonly mutants: readonly string[]
  /** The files that are the learner's: `exercise.ts`, and whatever else has a stub. A lab has `answers.ts`. */
  readonly work: readonly Work[]
  /** The name of its test file. */
  readonly test: string
  /** The name of the answer, and of the program to look at. */
  readonly solution: string
  readonly demo: string
}

/** All exercises and labs, in the order of the course: the labs of a phase come last in it. */
export function findExercises(): Exercise[] {
  return phaseFolders().flatMap((phase) => [...exercisesOf(phase), ...labsOf(phase)])
}

/** The folders of the phases in their order: those whose names begin with a number. */
export function phaseFolders(): string[] {
  return readdirSync(PHASES)
    .filter((name) => /^\d+-/.test(name))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
}

function exercisesOf(phase: string): Exercise[] {
  return foldersIn(join(PHASES, phase), /^\d\d-/)
    .map((folder) => ({
      ...readFolder(phase, folder),
      work: readdirSync(folder)
        .filter((name) => name.startsWith('stub.'))
        .map((stub) => ({ stub, mine: stub.replace('stub.', 'exercise.') })),
      test: 'exercise.test.ts',
      solution: 'solution.ts',
      demo: 'demo.ts',
    }))
    .sort((a, b) => numberOf(a) - numberOf(b))
}

function labsOf(phase: string): Exercise[] {
  return foldersIn(join(PHASES, phase, 'labs'), /^L\d+-/)
    .map((folder) => ({
      ...readFolder(phase, folder),
      work: [{ stub: 'answers.stub.ts', mine: 'answers.ts' }],
      test: 'answers.test.ts',
      solution: 'answers.solution.ts',
      demo: 'lab.ts',
    }))
    .sort((a, b) => numberOf(a) - numberOf(b))
}

/** The folders with a name like this that have begun to be an exercise. */
function foldersIn(parent: string, name: RegExp): string[] {
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter((folder) => name.test(folder) && existsSync(join(parent, folder, 'README.md')))
    .sort()
    .map((folder) => join(parent, folder))
}

/** @throws Error that names the README whose front matter cannot be read */
function readFolder(phase: string, folder: string) {
  try {
    const brief = readFrontMatter(readFileSync(join(folder, 'README.md'), 'utf8'))
    return { ...brief, phase, slug: basename(folder), folder, mutants: mutantsOf(folder) }
  } catch (error) {
    throw new Error(`${relative(ROOT, folder)}/README.md: ${error instanceof Error ? error.message : error}`)
  }
}

function mutantsOf(folder: string): string[] {
  const mutants = join(folder, 'mutants')
  if (!existsSync(mutants)) return []
  return readdirSync(mutants)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort()
}

/** `1.10` is the tenth, and so is `L10`. */
function numberOf({ id }: FrontMatter): number {
  return Number(/\d+$/.exec(id)?.[0])
}

/** The path of a file as people read it: from the root, with slashes; whole if it is elsewhere. */
export function shown(path: string): string {
  const way = relative(ROOT, path)
  return (way.startsWith('..') ? path : way).replaceAll('\\', '/')
}
