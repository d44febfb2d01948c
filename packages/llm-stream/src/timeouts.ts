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

/** setTimeout fires at once for anything longer. */
const LONGEST = 2 ** 31 - 1

export interface Patience {
  /** Begins a limit, or begins it anew. */
  start(wait: Wait): void
  /** What it was for has happened. */
  stop(wait: Wait): void
  /** Waits for the provider: limits run down only here. One wait at a time. */
  during<T>(step: () => Promise<T>): Promise<T>
  /** Ends the wait under way, even if what it waits for never ends. */
  interrupt(error: LlmError): void
}

/**
 * Runs several limits down at once on a single timer.
 *
 * @throws RangeError for a limit that is not above 0
 */
export function createPatience(timeouts: Timeouts, onTimeout: (error: LlmError) => void): Patience {
  const limits = checkTimeouts(timeouts)
  const left = new Map<Wait, number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let since: number | undefined // when the wait under way began; undefined between waits
  let interrupt: (error: LlmError) => void = () => {}

  function settle(): void {
    clearTimeout(timer)
    if (since === undefined) return
    const now = performance.now()
    for (const [wait, milliseconds] of left) left.set(wait, milliseconds - (now - since))
    since = now
  }

  function arm(): void {
    if (since === undefined) return
    const [next] = [...left].sort(([, a], [, b]) => a - b)
    if (!next || next[1] === Number.POSITIVE_INFINITY) return
    const [wait, milliseconds] = next
    timer = setTimeout(() => expire(wait), Math.min(Math.max(0, milliseconds), LONGEST))
  }

  function expire(wait: Wait): void {
    settle()
    if ((left.get(wait) ?? 1) > 1)
      arm() // it was a timer's longest, not ours
    else onTimeout(timeoutError(wait, limits[wait]))
  }

  function change(apply: () => void): void {
    settle()
    apply()
    arm()
  }

  return {
    start: (wait) => change(() => left.set(wait, limits[wait])),
    stop: (wait) => change(() => left.delete(wait)),
    async during(step) {
      since = performance.now()
      arm()
      try {
        return await new Promise((resolve, reject) => {
          interrupt = reject
          step().then(resolve, reject)
        })
      } finally {
        settle()
        since = undefined
      }
    },
    interrupt: (error) => interrupt(error),
  }
}

function checkTimeouts(timeouts: Timeouts): Readonly<Record<Wait, number>> {
  const limits = { ...defaults }
  for (const wait of Object.keys(defaults) as Wait[]) {
    const milliseconds = timeouts[wait] ?? defaults[wait]
    if (!(milliseconds > 0)) throw new RangeError(`timeouts.${wait} must be above 0, not ${milliseconds}`)
    limits[wait] = milliseconds
  }
  return limits
}

function timeoutError(wait: Wait, milliseconds: number): LlmError {
  return new LlmError('LLM_TIMEOUT', `${sentences[wait]} for ${milliseconds} ms (timeouts.${wait})`)
}

/** Runs `total` down, which is a clock and no patience. Returns what stops it. */
export function startTotal(timeouts: Timeouts, onTimeout: (error: LlmError) => void): () => void {
  const { total } = checkTimeouts(timeouts)
  if (total > LONGEST) return () => {}
  const timer = setTimeout(() => onTimeout(timeoutError('total', total)), total)
  return () => clearTimeout(timer)
}
