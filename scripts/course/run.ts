import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeEntries } from './entries.ts'
import { ROOT } from './exercises.ts'
import type { FileResult, Plan } from './plan.ts'

/** What came of a run. */
export interface RunResult {
  readonly results: readonly FileResult[]
  /** What went wrong beside all tests. */
  readonly errors: readonly string[]
  /** The test files that had to be stopped because they were busy without an end. */
  readonly loops: readonly string[]
  /** What the code under test printed. */
  readonly printed: string
  /** What vitest itself printed. */
  readonly output: string
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Seconds a test file may be busy without once looking at its events, which is an endless loop. Default 10. */
  readonly patience?: number
  /** Milliseconds until the whole run is stopped: a bound for one that hangs, not for one that is slow. Default an hour. */
  readonly limit?: number
}

/**
 * Runs a plan in a process of its own.
 *
 * @throws the reason of `signal` when it is aborted; the process and all it started are killed then
 */
export async function run(plan: Plan, options: RunOptions = {}): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'course-'))
  const file = join(folder, 'results.json')
  const entries = plan.isolate ? undefined : writeEntries(plan)
  try {
    const paths = { COURSE_RESULTS: file, ...(entries !== undefined && { COURSE_ENTRIES: entries }) }
    const env = { COURSE_PLAN: JSON.stringify(plan), ...paths }
    const output = await vitest({ ...env, WATCHDOG_SECONDS: `${options.patience ?? 10}` }, options)
    const loops = [...output.matchAll(/^watchdog: (.*) was busy for /gm)].map(([, busy = '']) => busy)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined)
      return { results: [], errors: [`The tests did not come to an end.\n\n${output}`], loops, printed: '', output }
    return { ...(JSON.parse(text) as Pick<RunResult, 'results' | 'errors' | 'printed'>), loops, output }
  } finally {
    for (const made of [folder, entries]) if (made !== undefined) await rm(made, { recursive: true, force: true })
  }
}

function vitest(env: Readonly<Record<string, string>>, { signal, limit = 3_600_000 }: RunOptions): Promise<string> {
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
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['pipe', 'pipe', 'pipe'], // its input ends when this process is gone, however it went: end-with-parent.ts
      detached: process.platform !== 'win32', // a group of its own, so that what it started ends with it
    })
    const stop = () => killGroup(child)
    const timer = setTimeout(stop, limit)
    signal?.addEventListener('abort', stop, { once: true })
    process.once('exit', stop)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      process.off('exit', stop)
      if (signal?.aborted) reject(signal.reason)
      else resolve(output)
    })
  })
}

/** Ends a process and all it started. Nothing happens when they are gone already. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // ESRCH: nobody left
  }
}
