import type { AnswerData, AnswerHead } from './answer-part.ts'
import { type EventFinder, eventFinderFor } from './events.ts'

/** Where an event ends. */
export interface EventPlace {
  /** Of the answer, counted from 1. */
  readonly n: number
  /** In the bytes of the part: behind the CRLF, where the chunk ends with the event. */
  readonly offset: number
}

/** Follows the answers of a connection, and knows where their events end. */
export interface EventPlaces {
  begin(head: AnswerHead): void
  /** The events that this part completes. */
  take(part: AnswerData): readonly EventPlace[]
  /** Whether the answer has events that can be found. */
  readonly hasEvents: boolean
  /** Events of the answer so far. */
  readonly count: number
}

export function createEventPlaces(): EventPlaces {
  let finder: EventFinder | undefined
  let count = 0
  return {
    begin({ head }) {
      finder = eventFinderFor(head)
      count = 0
    },
    take({ bytes, data, from }) {
      const found = finder?.push(data) ?? []
      return found.map(({ end }) => ({ n: ++count, offset: end === data.length ? bytes.length : from + end }))
    },
    get hasEvents() {
      return finder !== undefined
    },
    get count() {
      return count
    },
  }
}
