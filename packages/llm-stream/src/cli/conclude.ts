import type { Readable, Writable } from 'node:stream'
import type { Outcome } from '../outcome.ts'

export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** Calls `stop` on every Ctrl-C, until the function it returns is called. */
  onInterrupt(stop: () => void): () => void
}

export const INTERRUPTED = 130 // 128 + SIGINT

/** Whether escape sequences of our own are welcome there (https://no-color.org). */
export function colorful(
  env: Readonly<Record<string, string | undefined>>,
  output: { readonly isTTY?: boolean },
): boolean {
  return output.isTTY === true && !env['NO_COLOR']
}

/** Says how an answer ended, if there is anything to say, and gives the exit code for it. */
export function conclude(
  { error, stopReason, usage, metrics }: Outcome,
  stderr: Terminal['stderr'],
  stopped: boolean,
): number {
  if (stopped && error) return INTERRUPTED
  if (error) {
    stderr.write(`${error.code}: ${error.message}\n`)
    return 1
  }
  if (stopReason === 'length') stderr.write('(cut by the token limit)\n')
  if (stderr.isTTY) {
    const speed = metrics.tokensPerSecond === undefined ? '' : `, ${metrics.tokensPerSecond.toFixed(0)} tokens/s`
    const first = metrics.firstToken === undefined ? '' : `, first token after ${metrics.firstToken.toFixed(0)} ms`
    stderr.write(`(${usage?.outputTokens ?? 'unknown'} tokens${first}${speed})\n`)
  }
  return 0
}
