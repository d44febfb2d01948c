import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from './bundle.ts'
import { type Exercise, ROOT } from './exercises.ts'
import { killGroup } from './run.ts'

/** Milliseconds until a demo counts as one that never ends. It needs less than five seconds on a quiet machine. */
const LIMIT = 300_000
/** They wait more than they work. */
const AT_ONCE = 4
const TARGETS = ['solution', 'stub'] as const

type DemoTarget = (typeof TARGETS)[number]

/** The arguments of Node for each demo. */
type Commands = ReadonlyMap<Exercise, readonly string[]>

/** What is wrong with the demos: each must print something and end, with the answer and also when nothing was begun. */
export async function demoProblems(exercises: readonly Exercise[]): Promise<Map<Exercise, string[]>> {
  const problems = new Map<Exercise, string[]>()
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'course-demos-'))
  try {
    const [good, begun] = (await Promise.all(
      TARGETS.map((target) => commandsOf(exercises, target, join(folder, target))),
    )) as [Commands, Commands]
    const waiting = [...exercises]
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        problems.set(next, problemsOf(next, await play(next, good), await play(next, begun)))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return problems
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function problemsOf({ demo }: Exercise, good: Played, begun: Played): string[] {
  return [
    ...(good.code === 0 ? [] : [`${demo} with the answer ends with ${good.code}:\n${good.output}`]),
    ...(good.output.trim() === '' ? [`${demo} prints nothing`] : []),
    ...(begun.code === null ? [`${demo} with the stub does not end:\n${begun.output}`] : []),
    ...(/^ +at .*\(?(node:|file:)/m.test(begun.output)
      ? [`${demo} with the stub shows a stack:\n${begun.output}`]
      : []),
  ]
}

const WORDS = join(import.meta.dirname, 'program-errors.ts')

/** Bundled where that is possible, else as a learner starts them: then one that is no TypeScript says so itself. */
async function commandsOf(exercises: readonly Exercise[], target: DemoTarget, folder: string): Promise<Commands> {
  const files = exercises.map((exercise) => (importsByPath(exercise) ? [] : [join(exercise.folder, exercise.demo)]))
  const made = await bundle([WORDS, ...files.flat()], folder, target).catch(() => undefined)
  const [words, ...programs] = made ?? []
  return new Map(
    exercises.map((exercise, nth) => {
      const program = files[nth]?.length === 1 ? programs.shift() : undefined
      if (words === undefined || program === undefined) return [exercise, asLearnersDo(exercise, target)]
      return [exercise, ['--import', pathToFileURL(words).href, program]]
    }),
  )
}

/** Code that looks on the disk for what it imports cannot be bundled. */
function importsByPath({ folder }: Exercise): boolean {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .some((name) => /\bimport\((?!\s*['"])/.test(readFileSync(join(folder, name), 'utf8')))
}

function asLearnersDo({ folder, demo }: Exercise, target: DemoTarget): string[] {
  const conditions = ['@sse-from-scratch/source', target].map((name) => `--conditions=${name}`)
  const loaders = [import.meta.resolve('tsx'), pathToFileURL(WORDS).href]
  return [...conditions, ...loaders.flatMap((url) => ['--import', url]), join(folder, demo)]
}

interface Played {
  /** null when it had to be stopped. */
  readonly code: number | null
  readonly output: string
}

function play(exercise: Exercise, commands: Commands): Promise<Played> {
  const { folder, kind } = exercise
  const args = commands.get(exercise) ?? []
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, kind === 'lab' ? [...args, '--replay'] : args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
      detached: process.platform !== 'win32',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    const timer = setTimeout(() => killGroup(child), LIMIT)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output })
    })
  })
}
