import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Exercise } from './exercises.ts'
import { killGroup } from './run.ts'

/** Milliseconds a demo may take. It needs less than five seconds; whoever looks at an endless one has time for a breakpoint. */
const LIMIT = 30_000

/**
 * Runs a program of an exercise with the learner's code, in this terminal.
 *
 * @param signal ends it
 * @returns its exit code
 */
export function runProgram(
  { folder }: Exercise,
  name: string,
  { args = [], signal }: { readonly args?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<number> {
  const flags = ['--conditions=@sse-from-scratch/source', '--import', import.meta.resolve('tsx')]
  const words = new URL('program-errors.ts', import.meta.url).href
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, '--import', words, join(folder, name), ...args], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, COLUMNS: `${process.stdout.columns ?? process.env['COLUMNS'] ?? 80}` },
      detached: process.platform !== 'win32',
    })
    const stop = () => killGroup(child)
    const timer = setTimeout(() => {
      process.stderr.write(
        `${name} was still running after ${LIMIT / 1000} s and was stopped: what does it wait for?\n`,
      )
      stop()
    }, LIMIT)
    process.once('exit', stop)
    process.once('SIGINT', stop) // it has a group of its own, which Ctrl-C does not reach
    signal?.addEventListener('abort', stop, { once: true })
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('exit', stop)
      process.off('SIGINT', stop)
      signal?.removeEventListener('abort', stop)
      resolve(code ?? 1)
    })
  })
}
