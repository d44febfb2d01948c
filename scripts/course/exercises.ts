import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))
export const PHASES: string = join(ROOT, 'phases')

/** An exercise of the course, as its folder has it. */
export interface Exercise extends FrontMatter {
  /** The folder of its phase: `1-chunked`. */
  readonly phase: string
  /** Its own folder: `02-one-chunk`. */
  readonly slug: string
  /** The whole path of its folder. */
  readonly folder: string
  /** The ids of its known wrong answers, in alphabetical order. */
  readonly mutants: readonly string[]
}

/** All exercises, in the order of the course. */
export function findExercises(): Exercise[] {
  return phaseFolders().flatMap(exercisesOf).sort(byId)
}

/** The folders of the phases: those whose names begin with a number. */
export function phaseFolders(): string[] {
  return readdirSync(PHASES).filter((name) => /^\d+-/.test(name))
}

function exercisesOf(phase: string): Exercise[] {
  return readdirSync(join(PHASES, phase))
    .filter((slug) => /^\d\d-/.test(slug) && existsSync(join(PHASES, phase, slug, 'README.md')))
    .map((slug) => {
      const folder = join(PHASES, phase, slug)
      return {
        ...readFrontMatter(readFileSync(join(folder, 'README.md'), 'utf8')),
        phase,
        slug,
        folder,
        mutants: mutantsOf(folder),
      }
    })
}

function mutantsOf(folder: string): string[] {
  const mutants = join(folder, 'mutants')
  if (!existsSync(mutants)) return []
  return readdirSync(mutants)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort()
}

function byId(a: Exercise, b: Exercise): number {
  const [aPhase = 0, aNumber = 0] = a.id.split('.').map(Number)
  const [bPhase = 0, bNumber = 0] = b.id.split('.').map(Number)
  return aPhase - bPhase || aNumber - bNumber
}
