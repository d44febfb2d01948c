import type { EventStreamItem, ServerSentEvent } from '@sse-from-scratch/sse-client'
import { createAnswer } from './answer.ts'
import type { DeltaCollector } from './deltas.ts'
import type { Find } from './name.ts'
import { printable } from './printable.ts'
import { carriedBy, type Ranges } from './ranges.ts'

/** Reports an item that was completed by a line, or by the block of lines up to a blank one. */
export type ItemReporter = (item: EventStreamItem, line: Ranges, block: Ranges, deltas: DeltaCollector) => void

/** Makes findings of what an event decoder emits, and of what a model says in its events. */
export function createItemReporter(find: Find): ItemReporter {
  const answer = createAnswer(find)
  let events = 0

  function reportEvent({ type, data, lastEventId }: ServerSentEvent, block: Ranges, deltas: DeltaCollector): void {
    const { bytes, body, parent } = carriedBy(block.take())
    const summary = `${printable(type)}: ${printable(data)}`
    const event = { layer: 'sse', kind: 'event', summary, text: data, type, bytes, body, parent } as const
    find(lastEventId === '' ? event : { ...event, id: lastEventId })
    const carrier = { kind: 'event', from: events, to: events } as const
    answer.take({ type, data, where: { bytes, body }, parent: carrier }, deltas.found())
    events++
  }

  return (item, line, block, deltas) => {
    switch (item.kind) {
      case 'event':
        reportEvent(item.event, block, deltas)
        break
      case 'comment': {
        const { text } = item
        find({ layer: 'sse', kind: 'comment', summary: printable(text), text, ...carriedBy(line.take()) })
        break
      }
      case 'retry': {
        const summary = `reconnect after ${item.milliseconds} ms`
        find({ layer: 'sse', kind: 'retry', summary, ...carriedBy(line.take()) })
      }
    }
  }
}
