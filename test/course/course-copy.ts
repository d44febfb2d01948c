import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunResult, run } from '../../packages/testkit/src/index.ts'
import { ROOT } from '../tree.ts'

/** A course of its own to try the command line on: what a learner writes there is lost with it. */
export interface CourseCopy extends Disposable {
  readonly root: string
  /** Of the exercise with this number, in phase 1. */
  folder(number: number): string
  /** Writes the learner's file of an exercise. */
  write(number: number, code: string): void
  /** Runs the command line as a learner does. */
  course(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>
}

/** The exercise that all of a copy are made of: it needs no network, and has been there from the first day. */
const SAMPLE = 'phases/1-chunked/02-one-chunk'

/** A copy of the course with one phase, whose exercises have these numbers and are all the same. */
export function copyCourse(numbers: readonly number[]): CourseCopy {
  const root = mkdtempSync(join(tmpdir(), 'course-copy-'))
  const folder = (number: number) => join(root, 'phases/1-chunked', `${String(number).padStart(2, '0')}-one-chunk`)
  for (const name of ['node_modules', 'packages']) symlinkSync(join(ROOT, name), join(root, name), 'junction')
  for (const name of [
    'package.json',
    'tsconfig.base.json',
    'tsconfig.check.json',
    'tsconfig.json',
    'phases/tsconfig.json',
  ])
    cpSync(join(ROOT, name), join(root, name))
  for (const name of ['scripts/course', 'phases/kit']) copy(name, join(root, name))
  for (const name of readdirSync(join(ROOT, 'scripts')).filter((file) => file.endsWith('.mjs')))
    cpSync(join(ROOT, 'scripts', name), join(root, 'scripts', name))
  for (const name of ['package.json', 'README.md', 'node_modules'])
    copy(`phases/1-chunked/${name}`, join(root, 'phases/1-chunked', name))
  for (const number of numbers) copyExercise(number, folder(number))
  return {
    root,
    folder,
    write: (number, code) => writeFileSync(join(folder(number), 'exercise.ts'), code),
    course: (args, env) =>
      run(process.execPath, [...CLI, ...args], { cwd: root, env: { ...QUIET, ...env }, timeout: 590_000 }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** Runs TypeScript as `npm run course` does. */
export const TSX: readonly string[] = ['--conditions=@sse-from-scratch/source', '--import', import.meta.resolve('tsx')]
const CLI = [...TSX, 'scripts/course/main.ts']
const ofNpm = Object.keys(process.env).filter((name) => name.startsWith('npm_config_'))
/** Without what vitest leaves in the environment, and npm, which tells options of its own in the same way as those of the course. */
export const QUIET: Readonly<Record<string, undefined>> = Object.fromEntries(
  ['NODE_OPTIONS', 'VITEST', 'FORCE_COLOR', ...ofNpm].map((name) => [name, undefined]),
)

function copy(name: string, to: string): void {
  mkdirSync(join(to, '..'), { recursive: true })
  cpSync(join(ROOT, name), to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith('exercise.ts'),
  })
}

/** Under its number: in its folder, its brief, and its import. */
function copyExercise(number: number, to: string): void {
  copy(SAMPLE, to)
  const slug = to.replace(/^.*[\\/]/, '')
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(join(to, name), change(readFileSync(join(to, name), 'utf8')))
  edit('README.md', (text) => text.replace('id: 1.2', `id: 1.${number}`).replace('# 1.2 ', `# 1.${number} `))
  for (const name of ['exercise.test.ts', 'demo.ts'])
    edit(name, (text) => text.replace('#ex/02-one-chunk', `#ex/${slug}`))
}
