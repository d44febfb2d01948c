import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import { createDeltaCollector } from './deltas.ts'
import { createEventGrammar, type EventElement } from './event-grammar.ts'
import { type ContentNamer, type Find, type Name, UNREADABLE } from './name.ts'
import { printable } from './printable.ts'
import { createRanges } from './ranges.ts'
import { refusalOf } from './refusal.ts'

/** Characters an event may have before we stop looking into its stream: what is not dispatched yet must be kept. */
export const MAX_EVENT_SIZE: number = 1024 * 1024

const LF = 10

/** Names the bytes of an event stream, and finds its events, comments and retries, and the deltas in its events. */
export function createEventStreamNamer(find: Find): ContentNamer {
  const decoder = createEventDecoder({ maxEventSize: MAX_EVENT_SIZE })
  const grammar = createEventGrammar()
  const one = new Uint8Array(1)
  const block = createRanges() // since the last blank line
  const line = createRanges()
  const deltas = createDeltaCollector()
  let pending = false // there is data that waits for its blank line
  let failed = false

  function report(item: EventStreamItem): void {
    switch (item.kind) {
      case 'comment':
        find({ layer: 'sse', kind: 'comment', summary: printable(item.text), text: item.text, bytes: line.take() })
        return
      case 'retry':
        find({ layer: 'sse', kind: 'retry', summary: `reconnect after ${item.milliseconds} ms`, bytes: line.take() })
        return
      case 'event': {
        const { type, data } = item.event
        find({
          layer: 'sse',
          kind: 'event',
          summary: `${printable(type)}: ${printable(data)}`,
          text: data,
          bytes: block.take(),
        })
        for (const { path, text, bytes } of deltas.take()) {
          find({ layer: 'llm', kind: 'delta', summary: `${path} = "${printable(text)}"`, text, bytes })
        }
      }
    }
  }

  function nameOf(element: EventElement, byte: number, offset: number): Name {
    const json = element === 'field-value' && grammar.isData ? deltas.name(byte, offset) : undefined
    return json ? { layer: 'llm', element: json } : { layer: 'sse', element }
  }

  function endLine(isBlank: boolean, offset: number): void {
    line.take()
    if (grammar.isData) deltas.name(LF, offset) // several data lines are one value with line feeds in between
    pending = !isBlank && (pending || grammar.isData)
    if (!isBlank) return
    block.take()
    deltas.reset()
  }

  return {
    name(byte, offset) {
      if (failed) return UNREADABLE
      const secondHalf = byte === LF && decoder.state === 'after-cr' // of a CRLF: the CR has ended the line, and perhaps the event
      const element = grammar.name(byte, secondHalf)
      const name = nameOf(element, byte, offset)
      if (!secondHalf) line.add(offset)
      if (!secondHalf || element !== 'blank-line') block.add(offset)
      one[0] = byte
      try {
        decoder.push(one, report)
      } catch (error) {
        failed = true
        const { summary, ...code } = refusalOf(error)
        find({ layer: 'sse', kind: 'error', summary: `byte ${offset}: ${summary}`, ...code, bytes: block.take() })
        return UNREADABLE
      }
      if (!secondHalf && (element === 'end-of-line' || element === 'blank-line'))
        endLine(element === 'blank-line', offset)
      return name
    },
    end() {
      if (failed || !(pending || grammar.isData)) return
      const summary = 'the stream ended inside an event: it is never dispatched (HTML §9.2.6)'
      find({ layer: 'sse', kind: 'unfinished', summary, bytes: block.take() })
    },
  }
}
