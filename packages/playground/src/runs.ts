import type { OwnXray } from './own-xray.ts'
import { Refusal } from './refusal.ts'
import { createRun, RESUME_TIMEOUT, type Run } from './run.ts'

/** How many answers are remembered, for those who come back for the rest; and how many can be under way at once. */
export const RUNS_KEPT: number = 64

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
  /** The run of that name, if there is one. */
  get(name: string): Run | undefined
  /** The run whose answer has an event with that id. */
  ofEvent(id: string): Run | undefined
  /** Stops all models, and lets go of those who wait for a run that nobody started. */
  stopAll(): void
}

export interface RunsOptions {
  readonly kept?: number
  readonly resumeTimeout?: number
  /** Looks at the streams of all runs. Default: none. */
  readonly xray?: OwnXray
}

export function createRuns({ kept = RUNS_KEPT, resumeTimeout = RESUME_TIMEOUT, xray }: RunsOptions = {}): Runs {
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
      const run = createRun(name, resumeTimeout, xray)
      runs.set(name, run)
      return run
    },
    get: (name) => runs.get(name),
    ofEvent: (id) => runs.get(id.slice(0, Math.max(id.lastIndexOf('.'), 0))),
    stopAll() {
      for (const run of runs.values()) {
        run.stop.abort(new Error('The playground is closing.'))
        if (!run.asked || run.answer.finished) run.bytes.finish()
      }
    },
  }
}

function isIdle({ asked, answer }: Run): boolean {
  return !asked || answer.finished
}
