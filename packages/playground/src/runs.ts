import { createEventLog, type EventLog } from './log.ts'
import { Refusal } from './refusal.ts'

/** How many answers are remembered, for those who come back for the rest. */
export const RUNS_KEPT: number = 32

/** One question and its answer. */
export interface Run {
  readonly name: string
  /** What the page is told: start, token, usage, failure, end. */
  readonly answer: EventLog
  /** The bytes that told it, named by layer. Listeners may come before the question does. */
  readonly bytes: EventLog
  /** Stops the model. Aborted when nobody listens to the answer any more. */
  readonly stop: AbortController
  /** When it began, on the clock of `performance.now()`. */
  readonly start: number
  asked: boolean
}

/** A name goes into event ids; throws a {@link Refusal} for one that could not. */
export function assertRunName(name: string): void {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(name)) {
    throw new Refusal(400, 'A run is named with 1 to 64 letters, digits and hyphens.')
  }
}

/** The runs of this process; the oldest are forgotten first. */
export interface Runs {
  /** The run of that name, made if there is none; throws a {@link Refusal} when too many are under way. */
  open(name: string): Run
  /** The run whose answer has an event with that id. */
  ofEvent(id: string): Run | undefined
  /** Stops all models, and lets go of those who wait for a run that nobody started. */
  stopAll(): void
}

export function createRuns(kept: number = RUNS_KEPT): Runs {
  const runs = new Map<string, Run>()

  /** Never one whose answer is under way. */
  function forgetOldest(): void {
    for (const run of [...runs.values()].filter(isIdle)) {
      if (runs.size < kept) return
      runs.delete(run.name)
      run.bytes.finish()
    }
    if (runs.size >= kept) throw new Refusal(503, `${runs.size} answers are under way; no more until one is over.`)
  }

  return {
    open(name) {
      const known = runs.get(name)
      if (known) return known
      if (runs.size >= kept) forgetOldest()
      const run = createRun(name)
      runs.set(name, run)
      return run
    },
    ofEvent: (id) => runs.get(id.slice(0, Math.max(id.lastIndexOf('.'), 0))),
    stopAll() {
      for (const run of runs.values()) {
        run.stop.abort(new Error('The playground is closing.'))
        if (!run.asked) run.bytes.finish()
      }
    },
  }
}

function isIdle({ asked, answer }: Run): boolean {
  return !asked || answer.finished
}

function createRun(name: string): Run {
  const stop = new AbortController()
  const answer = createEventLog(name, () => stop.abort(new Error('Nobody is listening any more.')))
  return { name, answer, bytes: createEventLog(name), stop, start: performance.now(), asked: false }
}
