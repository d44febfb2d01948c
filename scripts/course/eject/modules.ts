import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Exercise } from '../exercises.ts'
import { mainFile } from '../learner-files.ts'

/** A file of the course on its way into a package of its own. */
export interface Module {
  /** Where it is now. */
  readonly file: string
  /** What it is called there: `the-decoder.ts`. */
  readonly name: string
  readonly code: string
}

/**
 * An exercise of the learner's and the contracts that it is written for, as files of one folder.
 *
 * @returns also what it imports that cannot come along: packages of this repository, files of other exercises
 */
export function modulesOf(exercise: Exercise): {
  readonly modules: readonly Module[]
  readonly foreign: readonly string[]
} {
  const modules = new Map<string, Module>()
  const foreign = new Set<string>()
  const waiting = [mainFile(exercise)]
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (modules.has(file)) continue
    const code = readFileSync(file, 'utf8').replaceAll(IMPORT, (whole, before: string, from: string) => {
      if (from.startsWith('node:')) return whole
      const target = resolve(dirname(file as string), from)
      if (!from.startsWith('.') || !existsSync(target) || !comesAlong(from)) {
        foreign.add(from)
        return whole
      }
      waiting.push(target)
      return `${before}'./${nameOf(target)}'`
    })
    modules.set(file, { file, name: nameOf(file), code })
  }
  return { modules: [...modules.values()], foreign: [...foreign] }
}

const IMPORT = /((?:from|import) )'([^']+)'/g

function comesAlong(from: string): boolean {
  return /(^|\/)(contract|connect)\.ts$/.test(from)
}

/** `phases/1-chunked/04-the-decoder/exercise.ts` is `the-decoder.ts`, its contract is `the-decoder.contract.ts`. */
function nameOf(file: string): string {
  const exercise = bareName(dirname(file))
  return /[\\/]exercise\.ts$/.test(file) ? `${exercise}.ts` : `${exercise}.${file.replace(/^.*[\\/]/, '')}`
}

/** `…/04-the-decoder` is `the-decoder`. */
export function bareName(folder: string): string {
  return folder.replace(/^.*[\\/]/, '').replace(/^\d+-/, '')
}

/** The floor below the capstone's stack, which every learner is given. */
export function connectModule({ folder }: Exercise): Module {
  const file = join(folder, 'connect.ts')
  return { file, name: 'connect.ts', code: readFileSync(file, 'utf8') }
}
