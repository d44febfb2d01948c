import { type RunOptions, type RunResult, signalGroup, watch } from './watched-process.ts'

export interface StartOptions extends Omit<RunOptions, 'input' | 'timeout'> {
  /** Looked for in stdout and stderr together; the program counts as started when it matches. */
  readonly ready: RegExp
  /** Milliseconds until `ready` must have matched: a bound for who hangs, not for who is slow. Default 50 000. */
  readonly readyTimeout?: number
}

export interface StartedProcess extends AsyncDisposable {
  /** What `ready` matched, with its groups: the place for an address. */
  readonly match: RegExpExecArray
  /** stdout and stderr so far, in the order they came. */
  readonly output: string
  readonly ended: Promise<RunResult>
  /** Sends a signal to the process group, as a terminal does (default SIGINT: Ctrl-C), and waits for the end; SIGKILL after 30 s. */
  stop(signal?: NodeJS.Signals): Promise<RunResult>
}

/**
 * Runs a program to its end. A failing program resolves like a good one: look at `code`.
 * @throws Error when it cannot be started, takes longer than `timeout` or writes more than `maxOutput`;
 *   the message carries what it had written until then.
 */
export function run(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<RunResult> {
  const child = watch(command, args, options)
  child.process.stdin?.on('error', () => {}) // EPIPE: it did not want its input
  child.process.stdin?.end(options.input)
  const timeout = options.timeout ?? 50_000
  const timer = setTimeout(() => child.fail(`took longer than ${timeout} ms`), timeout)
  return child.ended.finally(() => clearTimeout(timer))
}

/**
 * Starts a program that stays, and resolves when its output matches `ready`.
 * @throws Error when it ends before, or is not ready in time; the message carries its output.
 */
export async function start(command: string, args: readonly string[], options: StartOptions): Promise<StartedProcess> {
  const child = watch(command, args, options)
  child.process.stdin?.end()
  const timeout = options.readyTimeout ?? 50_000
  const timer = setTimeout(() => child.fail(`was not ready after ${timeout} ms`), timeout)
  const match = await child.waitFor(options.ready).finally(() => clearTimeout(timer))
  return {
    match,
    ended: child.ended,
    get output() {
      return child.output()
    },
    async stop(signal = 'SIGINT') {
      signalGroup(child.process, signal)
      const hard = setTimeout(() => signalGroup(child.process, 'SIGKILL'), 30_000)
      return child.ended.finally(() => clearTimeout(hard))
    },
    async [Symbol.asyncDispose]() {
      signalGroup(child.process, 'SIGKILL')
      await child.ended.catch(() => {})
    },
  }
}
