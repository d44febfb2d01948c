import type { Readable, Writable } from 'node:stream'
import type { LlmError } from '../errors.ts'
import type { Outcome } from '../outcome.ts'
import { createSanitizer } from '../terminal/sanitize.ts'

export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** Calls `stop` on every Ctrl-C, until the function it returns is called. */
  onInterrupt(stop: () => void): () => void
}

export const INTERRUPTED = 130 // 128 + SIGINT
export const STOPPED = '(stopped)\n'

/** Whether escape sequences of our own are welcome there (https://no-color.org). */
export function colorful(
  env: Readonly<Record<string, string | undefined>>,
  output: { readonly isTTY?: boolean },
): boolean {
  return output.isTTY === true && !env['NO_COLOR']
}

/** Says what went wrong, and gives the exit code for it. A provider may have had its say in that: it is as harmless as text. */
export function complain({ code, message }: LlmError, stderr: Terminal['stderr']): number {
  stderr.write(`${code}: ${createSanitizer()(message)}\n`)
  return 1
}

/** Says how an answer ended, if there is anything to say, and gives the exit code for it. */
export function conclude(
  { error, stopReason, usage, metrics }: Outcome,
  stderr: Terminal['stderr'],
  stopped: boolean,
): number {
  if (stopped && error) {
    stderr.write(STOPPED)
    return INTERRUPTED
  }
  if (error) return complain(error, stderr)
  if (stopReason === 'length') stderr.write('(cut by the token limit)\n')
  if (stderr.isTTY) {
    const speed = metrics.tokensPerSecond === undefined ? '' : `, ${metrics.tokensPerSecond.toFixed(0)} tokens/s`
    const first = metrics.firstToken === undefined ? '' : `, first token after ${metrics.firstToken.toFixed(0)} ms`
    stderr.write(`(${usage?.outputTokens ?? 'unknown'} tokens${first}${speed})\n`)
  }
  return 0
}
