import { type ChildProcess, spawn } from 'node:child_process'

export interface RunOptions {
  readonly cwd?: string
  /** Added to the environment of this process; undefined removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Written to stdin, which is then closed. */
  readonly input?: string | Uint8Array
  /** Milliseconds until the whole process group is killed. Default 10 000. */
  readonly timeout?: number
  /** Bytes of stdout and stderr together. Default 16 MiB. */
  readonly maxOutput?: number
  readonly signal?: AbortSignal
}

export interface RunResult {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null
  readonly killedBy: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** stdout byte for byte, for tests that look at the wire. */
  readonly bytes: Uint8Array
}

export interface StartOptions extends Omit<RunOptions, 'input' | 'timeout'> {
  /** Looked for in stdout and stderr together; the program counts as started when it matches. */
  readonly ready: RegExp
  /** Milliseconds until `ready` must have matched. Default 10 000. */
  readonly readyTimeout?: number
}

export interface StartedProcess extends AsyncDisposable {
  /** What `ready` matched, with its groups: the place for an address. */
  readonly match: RegExpExecArray
  /** stdout and stderr so far, in the order they came. */
  readonly output: string
  readonly ended: Promise<RunResult>
  /** Sends a signal to the process group, as a terminal does (default SIGINT: Ctrl-C), and waits for the end; SIGKILL after 5 s. */
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
  const timeout = options.timeout ?? 10_000
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
  const timeout = options.readyTimeout ?? 10_000
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
      const hard = setTimeout(() => signalGroup(child.process, 'SIGKILL'), 5000)
      return child.ended.finally(() => clearTimeout(hard))
    },
    async [Symbol.asyncDispose]() {
      signalGroup(child.process, 'SIGKILL')
      await child.ended.catch(() => {})
    },
  }
}

interface WatchedProcess {
  readonly process: ChildProcess
  readonly ended: Promise<RunResult>
  output(): string
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  fail(why: string): void
}

function watch(command: string, args: readonly string[], options: Omit<RunOptions, 'timeout'>): WatchedProcess {
  const { maxOutput = 16 * 1024 * 1024 } = options
  options.signal?.throwIfAborted()
  // Its own group, so that what it started dies with it (npm starts a shell, which starts node).
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: 'pipe',
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  const both: Buffer[] = []
  const onOutput = new Set<() => void>()
  let size = 0
  let failure: unknown
  const output = (): string => Buffer.concat(both).toString()
  const stopWith = (reason: unknown): void => {
    failure ??= reason
    signalGroup(child, 'SIGKILL')
  }
  const fail = (why: string): void => stopWith(new Error(`${[command, ...args].join(' ')} ${why}\n${output()}`.trim()))
  const keep = (pieces: Buffer[]) => (piece: Buffer) => {
    pieces.push(piece)
    both.push(piece)
    size += piece.length
    if (size > maxOutput) fail(`wrote more than ${maxOutput} bytes`)
    for (const look of onOutput) look()
  }
  child.stdout.on('data', keep(out))
  child.stderr.on('data', keep(err))
  const onAbort = (): void => stopWith(options.signal?.reason)
  const onExit = (): void => signalGroup(child, 'SIGKILL')
  options.signal?.addEventListener('abort', onAbort, { once: true })
  process.on('exit', onExit)

  const ended = new Promise<RunResult>((resolve, reject) => {
    child.on('error', (cause) => {
      failure ??= new Error(`cannot start ${command}: ${cause.message}`, { cause })
      if (child.pid === undefined) reject(failure)
    })
    child.on('close', (code, killedBy) => {
      if (failure !== undefined) return reject(failure)
      const bytes = Buffer.concat(out)
      resolve({ code, killedBy, stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes })
    })
  }).finally(() => {
    options.signal?.removeEventListener('abort', onAbort)
    process.off('exit', onExit)
  })
  ended.catch(() => {}) // whoever waits for `ended` sees it; nobody waiting is not a crash

  const waitFor = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output())
        if (match === null) return
        onOutput.delete(look)
        resolve(match)
      }
      onOutput.add(look)
      ended.then(
        ({ code }) => reject(new Error(`${command} ended with code ${code} before it was ready\n${output()}`.trim())),
        reject,
      )
    })
  return { process: child, ended, output, waitFor, fail }
}

/** A signal for a process and all it started. Nothing happens when they are gone already. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // ESRCH: nobody left
  }
}
