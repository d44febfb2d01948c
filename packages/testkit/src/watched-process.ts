import { type ChildProcess, spawn } from 'node:child_process'

export interface RunOptions {
  readonly cwd?: string
  /** Added to the environment of this process; undefined removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Written to stdin, which is then closed. */
  readonly input?: string | Uint8Array
  /** Milliseconds until the whole process group is killed: a bound for who hangs, not for who is slow. Default 50 000. */
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

/** A program that runs, and what it has written so far. */
export interface WatchedProcess {
  readonly process: ChildProcess
  readonly ended: Promise<RunResult>
  output(): string
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  fail(why: string): void
}

/** Starts a program and keeps what it writes. It dies with this process. */
export function watch(command: string, args: readonly string[], options: Omit<RunOptions, 'timeout'>): WatchedProcess {
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
  options.signal?.addEventListener('abort', onAbort, { once: true })
  if (running.size === 0) process.on('exit', killRunning)
  running.add(child)

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
    running.delete(child)
    if (running.size === 0) process.off('exit', killRunning)
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

/** One listener for all of them: Node warns of more than ten. */
const running = new Set<ChildProcess>()

function killRunning(): void {
  for (const child of running) signalGroup(child, 'SIGKILL')
}

/** A signal for a process and all it started. Nothing happens when they are gone already. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // ESRCH: nobody left
  }
}
