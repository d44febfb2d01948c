import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Exercise } from './exercises.ts'
import { killGroup } from './run.ts'

/** Milliseconds until a demo counts as one that never ends. It needs less than five seconds on a quiet machine. */
const LIMIT = 60_000
const AT_ONCE = 2

/** What is wrong with the demos: each must print something and end, with the answer and also when nothing was begun. */
export async function demoProblems(exercises: readonly Exercise[]): Promise<Map<Exercise, string[]>> {
  const problems = new Map<Exercise, string[]>()
  const waiting = [...exercises]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      problems.set(next, await problemsOf(next))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return problems
}

async function problemsOf(exercise: Exercise): Promise<string[]> {
  const [good, begun] = [await play(exercise, 'solution'), await play(exercise, 'stub')]
  return [
    ...(good.code === 0 ? [] : [`${exercise.demo} with the answer ends with ${good.code}:\n${good.output}`]),
    ...(good.output.trim() === '' ? [`${exercise.demo} prints nothing`] : []),
    ...(begun.code === null ? [`${exercise.demo} with the stub does not end:\n${begun.output}`] : []),
    ...(/^ +at .*\(?(node:|file:)/m.test(begun.output)
      ? [`${exercise.demo} with the stub shows a stack:\n${begun.output}`]
      : []),
  ]
}

interface Played {
  /** null when it had to be stopped. */
  readonly code: number | null
  readonly output: string
}

function play({ folder, demo, kind }: Exercise, target: 'solution' | 'stub'): Promise<Played> {
  const conditions = ['@sse-from-scratch/source', target].map((name) => `--conditions=${name}`)
  const loaders = [import.meta.resolve('tsx'), new URL('program-errors.ts', import.meta.url).href]
  const args = [...conditions, ...loaders.flatMap((url) => ['--import', url]), join(folder, demo)]
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
