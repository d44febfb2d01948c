import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import { createDeltaCollector } from './deltas.ts'
import { BLANK_LINE, createEventGrammar, END_OF_LINE } from './event-grammar.ts'
import { createItemReporter } from './items.ts'
import type { JsonElement } from './json-grammar.ts'
import { type ContentNamer, type Find, type Name, nameOf, type Put, UNREADABLE } from './name.ts'
import { carriedBy, type Place, Ranges } from './ranges.ts'
import { refusalOf } from './refusal.ts'

/** Characters an event may have before we stop looking into its stream: what is not dispatched yet must be kept. */
export const MAX_EVENT_SIZE: number = 1024 * 1024

const LF = 10
const CR = 13
const LINE_FEED = Uint8Array.of(LF)
const FIELD_VALUE = nameOf('sse', 'field-value')
const JSON_NAME = nameOf('llm', 'json')
const DELTA = nameOf('llm', 'delta')

/**
 * Names the bytes of an event stream, and finds its events, comments and retries, and the deltas in its events.
 *
 * The decoder gets a line at a time, with the byte that ends it: all that may come out of a line comes out there.
 */
export function createEventStreamNamer(find: Find, put: Put, place: Place): ContentNamer {
  const decoder = createEventDecoder({ maxEventSize: MAX_EVENT_SIZE })
  const grammar = createEventGrammar()
  const block = new Ranges() // since the last blank line
  const line = new Ranges()
  const deltas = createDeltaCollector(place)
  const report = createItemReporter(find)
  let lineEnd: Name = END_OF_LINE // of the line before
  let held = 0 // bytes of this block that the decoder may keep
  let refusedAt = 0 // in the bytes of this push
  let item: EventStreamItem | undefined // of this line: there is no more than one
  let pending = false // there is data that waits for its blank line
  let failed = false

  function keep(emitted: EventStreamItem): void {
    item = emitted
  }

  function putValue(bytes: Uint8Array, from: number, to: number): void {
    deltas.take(bytes, from, to, putJson)
  }

  function putJson(element: JsonElement, size: number): void {
    put(element === undefined ? FIELD_VALUE : element === 'delta' ? DELTA : JSON_NAME, size)
  }

  /** Bytes that cannot be too many: what the decoder holds is of lines that said nothing yet, or the last event ID. */
  function room(): number {
    return MAX_EVENT_SIZE - held - line.size - 3 * decoder.lastEventId.length
  }

  /** Takes bytes of one line, with the one that ends it if that is there: a single one, or as many as there is room for. */
  function takeLine(bytes: Uint8Array, from: number, to: number, ends: boolean): void {
    try {
      decoder.push(to - from === 1 && bytes[from] === LF ? LINE_FEED : bytes.subarray(from, to), keep)
    } catch (error) {
      failed = true
      const { summary, ...code } = refusalOf(error)
      refusedAt = from
      block.add(place, from, 1)
      const said = `byte ${place.offset + from}: ${summary}`
      find({ layer: 'sse', kind: 'error', summary: said, ...code, ...carriedBy(block.take()) })
      return
    }
    grammar.take(bytes, from, ends ? to - 1 : to, put, putValue)
    line.add(place, from, to - from)
    block.add(place, from, to - from)
    if (ends) endLine()
  }

  function endLine(): void {
    const { isData } = grammar
    lineEnd = grammar.endLine()
    if (item) report(item, line, block, deltas)
    else held += line.size
    item = undefined
    line.clear()
    if (isData) deltas.lineFeed()
    const isBlank = lineEnd === BLANK_LINE
    pending = !isBlank && (pending || isData)
    if (isBlank) {
      held = 0
      block.clear()
      deltas.reset()
    }
    put(lineEnd, 1)
  }

  /** The LF of a CRLF: the CR has ended the line, and perhaps the event. */
  function takeSecondHalf(bytes: Uint8Array, at: number): void {
    decoder.push(bytes.subarray(at, at + 1), keep)
    if (lineEnd !== BLANK_LINE) block.add(place, at, 1)
    put(lineEnd, 1)
  }

  return {
    push(bytes) {
      const { length } = bytes
      let lf = -1 // both moved only when passed: a search for each line would be quadratic
      let cr = -1
      for (let at = 0; at < length && !failed; ) {
        if (bytes[at] === LF && decoder.state === 'after-cr') {
          takeSecondHalf(bytes, at++)
          continue
        }
        if (lf < at) lf = bytes[at] === LF ? at : indexOf(bytes, LF, at)
        if (cr < at) cr = indexOf(bytes, CR, at)
        const stop = Math.min(lf, cr)
        const end = Math.min(stop + 1, length, at + Math.max(1, room()))
        takeLine(bytes, at, end, stop < end)
        at = end
      }
      if (failed) put(UNREADABLE, length - refusedAt)
      refusedAt = 0
    },
    end() {
      if (failed || !(pending || grammar.isData)) return
      const summary = 'the stream ended inside an event: it is never dispatched (HTML §9.2.6)'
      find({ layer: 'sse', kind: 'unfinished', summary, ...carriedBy(block.take()) })
    },
  }
}

/** Buffer's takes any Uint8Array, and a tenth of the time of its own in an event of 190 bytes (`npm run bench:xray`). */
const search = Buffer.prototype.indexOf

function indexOf(bytes: Uint8Array, byte: number, from: number): number {
  const at = search.call(bytes, byte, from)
  return at === -1 ? bytes.length : at
}
