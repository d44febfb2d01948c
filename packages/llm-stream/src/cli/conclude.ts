import type { Readable, Writable } from 'node:stream'
import type { LlmError } from '../errors.ts'
import type { Outcome } from '../outcome.ts'
import { say } from './say.ts'

type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }

export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
  /** Calls `stop` on every Ctrl-C, until the function it returns is called. */
  onInterrupt(stop: () => void): () => void
}

/** What a script learns from the exit code. */
export const EXIT = {
  complete: 0,
  failed: 1,
  usage: 2,
  /** A part of the answer came, and then it broke off. */
  cut: 3,
  /** The answer came whole, but the model was stopped: by the token limit or a content filter. */
  limited: 4,
  interrupted: 130, // 128 + SIGINT
} as const

export const STOPPED = '(stopped)'

/** Whether escape sequences of our own are welcome there (https://no-color.org). */
export function colorful(env: Readonly<Record<string, string | undefined>>, { isTTY }: Output): boolean {
  return isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** Says what went wrong, and gives the exit code for it. */
export function complain({ code, message }: LlmError, stderr: Terminal['stderr']): number {
  say(stderr, `${code}: ${message}`)
  return EXIT.failed
}

/** Says how an answer ended, if there is anything to say, and gives the exit code for it. */
export function conclude(outcome: Outcome, stderr: Terminal['stderr'], stopped: boolean): number {
  const { error, stopReason } = outcome
  if (stopped && error) {
    say(stderr, STOPPED)
    return EXIT.interrupted
  }
  if (error) {
    complain(error, stderr)
    return outcome.metrics.firstToken === undefined ? EXIT.failed : EXIT.cut
  }
  if (stopReason === 'length') say(stderr, '(cut by the token limit)')
  if (stopReason === 'content-filter') say(stderr, '(cut by a content filter)')
  if (stderr.isTTY) say(stderr, `(${summary(outcome)})`)
  return stopReason === 'length' || stopReason === 'content-filter' ? EXIT.limited : EXIT.complete
}

function summary({ usage, metrics, attempts }: Outcome): string {
  const { firstToken, tokensPerSecond, burstFactor } = metrics
  return [
    `${usage?.outputTokens ?? 'unknown'} tokens`,
    ...(firstToken === undefined ? [] : [`first token after ${firstToken.toFixed(0)} ms`]),
    ...(tokensPerSecond === undefined ? [] : [`${tokensPerSecond.toFixed(0)} tokens/s`]),
    ...(burstFactor === undefined ? [] : [`burst ${(burstFactor * 100).toFixed(0)} %`]),
    ...(attempts === 1 ? [] : [`${attempts} attempts`]),
  ].join(', ')
}
