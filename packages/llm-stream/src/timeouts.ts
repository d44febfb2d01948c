import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import { LlmError } from './errors.ts'

/**
 * How long to wait for what, in milliseconds; `Infinity` switches a limit off.
 * Only time spent waiting for the provider counts: a caller who thinks between two events runs nothing down. (`total` is the exception.)
 */
export interface Timeouts {
  /** For the connection, TLS included. 10 000. (A transport of your own has no such moment: `headers` counts from the start.) */
  readonly connect?: number
  /** From there to the response's head. 120 000. */
  readonly headers?: number
  /** From the start to the first token. 300 000: long prompts, hidden reasoning, models that are still loading. */
  readonly firstToken?: number
  /** Between two reads of the body, once it has begun. Comments and pings are bytes. 120 000. */
  readonly idle?: number
  /** Between two tokens. Comments and pings are no progress: a relay can send them for ever. 180 000. */
  readonly progress?: number
  /** For everything, by the clock on the wall. Off. */
  readonly total?: number
}

export type Wait = keyof Timeouts

const defaults: Readonly<Record<Wait, number>> = {
  connect: 10_000,
  headers: 120_000,
  firstToken: 300_000,
  idle: 120_000,
  progress: 180_000,
  total: Number.POSITIVE_INFINITY,
}

const sentences: Readonly<Record<Wait, string>> = {
  connect: 'no connection',
  headers: 'no response',
  firstToken: 'no first token',
  idle: 'not a byte',
  progress: 'bytes, but no token',
  total: 'no end',
}

/** @throws RangeError for a limit that is not above 0 */
export function checkTimeouts(timeouts: Timeouts): Readonly<Record<Wait, number>> {
  const limits = { ...defaults }
  for (const wait of Object.keys(defaults) as Wait[]) {
    const milliseconds = timeouts[wait] ?? defaults[wait]
    if (!(milliseconds > 0)) throw new RangeError(`timeouts.${wait} must be above 0, not ${milliseconds}`)
    limits[wait] = milliseconds
  }
  return limits
}

export function timeoutError(wait: Wait, milliseconds: number): LlmError {
  return new LlmError('LLM_TIMEOUT', `${sentences[wait]} for ${milliseconds} ms (timeouts.${wait})`)
}

/** Runs `total` down, which is a clock and no patience. Returns what stops it. */
export function startTotal(timeouts: Timeouts, onTimeout: (error: LlmError) => void): () => void {
  const { total } = checkTimeouts(timeouts)
  if (total > LONGEST_TIMER) return () => {}
  const timer = setTimeout(() => onTimeout(timeoutError('total', total)), total)
  return () => clearTimeout(timer)
}
