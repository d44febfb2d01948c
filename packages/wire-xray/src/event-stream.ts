import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import { createDeltaCollector } from './deltas.ts'
import { codeOf, messageOf } from './errors.ts'
import { createEventGrammar, type EventElement } from './event-grammar.ts'
import { type ContentNamer, type Find, type Name, UNREADABLE } from './name.ts'
import { addByte } from './span.ts'

/** Characters one event may have before we stop looking into the stream: the x-ray keeps no more than that of it. */
const MAX_EVENT_SIZE = 1024 * 1024

/** Names the bytes of an event stream, and finds the events, comments and retries in it. */
export function createEventStreamNamer(find: Find): ContentNamer {
  const decoder = createEventDecoder({ maxEventSize: MAX_EVENT_SIZE })
  const grammar = createEventGrammar()
  const one = new Uint8Array(1)
  let deltas = createDeltaCollector()
  let block: [number, number][] = [] // the bytes since the last blank line
  let line: [number, number][] = [] // the bytes of this line
  let failed = false

  function report(item: EventStreamItem): void {
    if (item.kind === 'comment') find('sse', 'comment', `comment: ${JSON.stringify(item.text)}`, line)
    else if (item.kind === 'retry') find('sse', 'retry', `reconnect after ${item.milliseconds} ms`, line)
    else {
      find('sse', 'event', `${item.event.type}: ${item.event.data}`, block)
      for (const { path, text, bytes } of deltas.take())
        find('llm', 'delta', `${path} = ${JSON.stringify(text)}`, bytes)
    }
  }

  function nameOf(element: EventElement, byte: number, offset: number): Name {
    const json = element === 'field-value' && grammar.isData ? deltas.name(byte, offset) : undefined
    return json ? { layer: 'llm', element: json } : { layer: 'sse', element }
  }

  return {
    name(byte, offset) {
      if (failed) return UNREADABLE
      const afterCr = decoder.state === 'after-cr'
      const element = grammar.name(byte, afterCr)
      if (!(afterCr && byte === 10)) {
        addByte(block, offset)
        addByte(line, offset)
      }
      const name = nameOf(element, byte, offset)
      one[0] = byte
      try {
        decoder.push(one, report)
      } catch (error) {
        failed = true
        find('sse', 'error', `byte ${offset}: ${messageOf(error)}`, [[offset, offset + 1]], codeOf(error))
        return UNREADABLE
      }
      if (element === 'end-of-line' || element === 'blank-line') line = []
      if (element === 'blank-line') {
        block = []
        deltas = createDeltaCollector()
      }
      return name
    },
    end() {
      if (block.length === 0 || failed) return
      find('sse', 'unfinished', 'the stream ended inside an event: it is never dispatched (HTML §9.2.6)', block)
    },
  }
}
