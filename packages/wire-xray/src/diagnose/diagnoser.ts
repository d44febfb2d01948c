import type { Item } from '../proxy/item.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { createTimeline, type TimelineOptions } from '../timeline/timeline.ts'
import { type DiagnoseOptions, diagnose } from './diagnose.ts'
import type { Diagnosis } from './diagnosis.ts'
import { reconnectLoops } from './reconnect-loop.ts'

/** Diagnoses exchanges when they are over, of traffic that goes by. */
export interface Diagnoser {
  take(item: Item): void
  /** Says what is known of those that are not over, too. */
  close(): void
}

/** Tells of each diagnosis once, and of which exchange it is; loops when they have become longer. */
export function createDiagnoser(
  onDiagnosis: (diagnosis: Diagnosis, exchange: Exchange) => void,
  options: TimelineOptions & DiagnoseOptions = {},
): Diagnoser {
  const timeline = createTimeline(options)
  let last = 0 // the number of the last exchange before which all have been told of
  const told = new Set<number>()
  let soon = false

  function tell(exchange: Exchange): void {
    told.add(exchange.number)
    for (const diagnosis of diagnose(exchange, options)) onDiagnosis(diagnosis, exchange)
    for (const diagnosis of reconnectLoops(timeline.exchanges)) {
      if (diagnosis.exchange === exchange.number) onDiagnosis(diagnosis, exchange)
    }
  }

  function look(): void {
    soon = false
    for (const exchange of timeline.exchanges) {
      if (exchange.number > last && exchange.end.kind !== 'open' && !told.has(exchange.number)) tell(exchange)
    }
    while (told.delete(last + 1)) last++
  }

  return {
    take(item) {
      timeline.take(item)
      if (!ENDS.has(item.kind) || soon) return
      soon = true
      queueMicrotask(look) // what ends with it is told in the same turn
    },
    close() {
      look()
      for (const exchange of timeline.exchanges)
        if (exchange.number > last && !told.has(exchange.number)) tell(exchange)
    },
  }
}

const ENDS: ReadonlySet<Item['kind']> = new Set(['complete', 'fin', 'reset', 'error', 'gap'])
