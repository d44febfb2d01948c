import type { Connection } from '@sse-from-scratch/tcp-echo'
import { createEventLog, type EventLog } from './log.ts'
import type { OwnXray } from './own-xray.ts'

/** Milliseconds a model goes on for an answer that nobody listens to: a browser that lost the line is back by then. */
export const RESUME_TIMEOUT: number = 10_000

/** Which response bytes belong to: ours to the browser, or the model's to us. */
export type Leg = 'browser' | 'model'

/** Something that happened between two bytes, told where it happened. */
export interface Mark {
  readonly leg: Leg
  /** Milliseconds since the run began. */
  readonly at: number
  readonly kind: 'cut' | 'resumed' | 'request' | 'failure'
  readonly text: string
}

/** One question and its answer. */
export interface Run {
  readonly name: string
  /** Looks at its streams; none where nobody asked for it. */
  readonly xray: OwnXray | undefined
  /** What the page is told: start, token, usage, failure, end. */
  readonly answer: EventLog
  /** The bytes that told it, named by layer, and marks between them. Listeners may come before the question does. */
  readonly bytes: EventLog
  /** Stops the model. */
  readonly stop: AbortController
  /** When it began, on the clock of `performance.now()`. */
  readonly start: number
  /** The connections that the answer is being told over. */
  readonly lines: Set<Connection>
  /** Those of them that we dropped ourselves. */
  readonly cuts: WeakSet<Connection>
  asked: boolean
  /** How many connections it has been told over, the first one included. */
  linesSoFar: number
  /** Milliseconds since it began, in tenths. */
  elapsed(): number
  mark(leg: Leg, kind: Mark['kind'], text: string): void
  /** Drops all of {@link lines}, as a tunnel or a lift door does it. Says how many that were. */
  cut(): number
  /** Somebody stopped listening: because everything was said, or before. */
  left(heardAll: boolean): void
  /** No more bytes: somebody has heard the answer to its end, or nobody will. */
  concludeBytes(): void
  /** The answer is written down to its end. Who lost the line may still come for the rest of it. */
  finish(): void
}

export function createRun(name: string, resumeTimeout: number, xray?: OwnXray): Run {
  const stop = new AbortController()
  const start = performance.now()
  const bytes = createEventLog(name)
  const lines = new Set<Connection>()
  let deserted: NodeJS.Timeout | undefined

  function wait(): void {
    clearTimeout(deserted)
    deserted = setTimeout(() => {
      if (answer.finished) run.concludeBytes()
      else stop.abort(new Error(`Nobody has listened for ${resumeTimeout / 1000} s.`))
    }, resumeTimeout)
    deserted.unref()
  }
  const answer = createEventLog(name, wait, () => clearTimeout(deserted))

  const run: Run = {
    name,
    xray,
    answer,
    bytes,
    stop,
    start,
    lines,
    cuts: new WeakSet(),
    asked: false,
    linesSoFar: 0,
    elapsed: () => Math.round((performance.now() - start) * 10) / 10,
    mark(leg, kind, text) {
      if (!bytes.finished) bytes.append('mark', { leg, at: run.elapsed(), kind, text } satisfies Mark)
    },
    cut() {
      const cut = [...lines]
      for (const line of cut) {
        run.cuts.add(line)
        line.abort(new Error('The line was cut on demand.'))
      }
      return cut.length
    },
    left(heardAll) {
      if (!answer.finished) return // the log knows who listens, and whether anybody does
      if (heardAll) run.concludeBytes()
      else if (lines.size === 0) wait()
    },
    concludeBytes() {
      clearTimeout(deserted)
      if (bytes.finished) return
      bytes.conclude('end', {})
      bytes.finish()
    },
    finish() {
      answer.finish()
      if (lines.size > 0) return
      if (stop.signal.aborted) run.concludeBytes()
      else wait()
    },
  }
  return run
}
