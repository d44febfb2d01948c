import type { EventStreamItem } from './event.ts'
import { LONGEST_TIMER } from './longest-timer.ts'
import { createPieces } from './pieces.ts'

/** The buffers of HTML §9.2.6: what the lines since the last blank one add up to. */
export interface Block {
  /** Moves at every blank line, also when there is nothing to deliver. */
  readonly lastEventId: string
  /** Characters held. */
  readonly size: number
  /** Processes one line without its end; the blank one dispatches. */
  line(text: string, emit: (item: EventStreamItem) => void): void
  /** Forgets the lines since the last blank one. */
  discard(): void
}

export function createBlock(initialId: string): Block {
  let lastEventId = initialId
  let id = initialId
  let type = ''
  let data: string | undefined // the first data line, which is nearly always the only one
  const more = createPieces() // the others, each behind the line feed that joins it on

  function line(text: string, emit: (item: EventStreamItem) => void): void {
    const colon = text.indexOf(':')
    if (text === '') dispatch(emit)
    else if (colon === -1) field(text, '', emit)
    else {
      const value = text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
      if (colon === 0) emit({ kind: 'comment', text: value })
      else field(text.slice(0, colon), value, emit)
    }
  }

  function field(name: string, value: string, emit: (item: EventStreamItem) => void): void {
    switch (name) {
      case 'data':
        appendData(value)
        break
      case 'event':
        type = value // an empty one too: the last one counts
        break
      case 'id':
        if (!value.includes('\0')) id = value
        break
      case 'retry': // takes effect now, not at the blank line
        if (/^[0-9]+$/.test(value)) {
          emit({ kind: 'retry', milliseconds: Math.min(Number(value), LONGEST_TIMER) })
        }
    }
  }

  function appendData(value: string): void {
    if (data === undefined) {
      data = value
      return
    }
    more.add('\n')
    more.add(value)
  }

  function dispatch(emit: (item: EventStreamItem) => void): void {
    lastEventId = id
    const event = data !== undefined && { type: type || 'message', data: data + more.take(), lastEventId }
    discard()
    if (event) emit({ kind: 'event', event })
  }

  function discard(): void {
    data = undefined
    more.take()
    type = ''
    id = lastEventId
  }

  return {
    get lastEventId() {
      return lastEventId
    },
    get size() {
      return (data?.length ?? 0) + more.length + type.length + id.length
    },
    line,
    discard,
  }
}
