import type { LlmEvent } from '../events.ts'
import { createRaceView, type RaceView } from '../terminal/race-view.ts'
import type { Terminal } from './conclude.ts'
import { createPrinter } from './printer.ts'

/** What one side has said so far. */
export interface Lane {
  readonly events: LlmEvent[]
  ended: boolean
  status: () => string
}

/** Milliseconds between two frames. */
const FRAME = 50

/** Both at once, in frames. Another width begins anew, below: what is printed stays. */
export function showRace(
  names: readonly string[],
  lanes: readonly Lane[],
  stdout: Terminal['stdout'],
): () => Promise<void> {
  const { print } = createPrinter(stdout)
  let view = newView()
  let taken = lanes.map(() => 0)
  let over = lanes.map(() => false)

  function newView(): RaceView {
    return createRaceView({ columns: stdout.columns || 80, rows: stdout.rows || 24, names })
  }

  function frame(): string {
    for (const [i, lane] of lanes.entries()) {
      for (const event of lane.events.slice(taken[i])) view.take(i, event)
      taken[i] = lane.events.length
      if (lane.ended && !over[i]) view.end(i)
      over[i] ||= lane.ended
    }
    return view.frame(lanes.map(({ status }) => status()))
  }

  function resize(): void {
    view = newView()
    taken = lanes.map(() => 0)
    over = lanes.map(() => false)
    void print('\r\n\u001b[J')
  }

  let busy = false // the terminal is behind
  let written: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    written = print(frame()).finally(() => {
      busy = false
    })
  }, FRAME)
  stdout.on('resize', resize)
  return async () => {
    clearInterval(timer)
    stdout.off('resize', resize)
    await written
    await print(`${frame()}\n`)
  }
}
