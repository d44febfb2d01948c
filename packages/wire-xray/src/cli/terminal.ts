import type { Readable, Writable } from 'node:stream'

/** What is around the program. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown }
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }
  readonly stderr: Writable
  /** Calls `stop` when the program is asked to end (SIGINT, SIGTERM, SIGHUP), until the function it returns is called. */
  onInterrupt(stop: () => void): () => void
  /** Calls `restore` when the process ends, whatever ends it, until the function it returns is called. */
  onExit(restore: () => void): () => void
}

export type Env = Readonly<Record<string, string | undefined>>

/** What a verb is given: its arguments, and what is around the program. */
export interface Command {
  readonly argv: readonly string[]
  readonly env: Env
  readonly terminal: Terminal
  /** Aborts when the program is asked to end. */
  readonly signal: AbortSignal
}

/** What a script learns from the exit code. */
export const EXIT = {
  /** Done; of `explain --fail-on-error`: and nothing was wrong. */
  done: 0,
  failed: 1,
  usage: 2,
} as const

/** Whether escape sequences of our own are welcome there (https://no-color.org). */
export function isColorful(env: Env): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
