import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './exercises.ts'
import type { FileResult, Plan } from './plan.ts'

/** What came of a run. */
export interface RunResult {
  readonly results: readonly FileResult[]
  /** What went wrong beside all tests. */
  readonly errors: readonly string[]
  /** What vitest and the code under test printed. */
  readonly output: string
}

/**
 * Runs a plan in a process of its own.
 *
 * @throws the reason of `signal` when it is aborted; the process is killed then
 */
export async function run(plan: Plan, options: { readonly signal?: AbortSignal } = {}): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'course-'))
  const file = join(folder, 'results.json')
  try {
    const output = await vitest({ COURSE_PLAN: JSON.stringify(plan), COURSE_RESULTS: file }, options.signal)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) return { results: [], errors: ['the tests did not come to an end'], output }
    return { ...(JSON.parse(text) as Pick<RunResult, 'results' | 'errors'>), output }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Seconds a test file of the course may be busy without once looking at its events: an endless loop. */
const PATIENCE = '10'

function vitest(env: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<string> {
  const args = [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    'scripts/course/vitest.config.ts',
  ]
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', WATCHDOG_SECONDS: PATIENCE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal, killSignal: 'SIGKILL' }),
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', (error) => reject(signal?.aborted ? signal.reason : error))
    child.on('close', () => resolve(output))
  })
}
