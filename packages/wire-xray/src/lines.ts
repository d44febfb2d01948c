import { createLineDecoder } from '@sse-from-scratch/tcp-echo'
import { createAnswer } from './answer.ts'
import { createDeltaCollector } from './deltas.ts'
import { MAX_EVENT_SIZE } from './event-stream.ts'
import type { JsonElement } from './json-grammar.ts'
import { type ContentNamer, type Find, nameOf, type Put, UNREADABLE } from './name.ts'
import { printable } from './printable.ts'
import { carriedBy, type Place, Ranges } from './ranges.ts'
import { refusalOf } from './refusal.ts'

const LF = 10
const LINE = nameOf('body', 'line')
const END_OF_LINE = nameOf('body', 'end-of-line')
const JSON_NAME = nameOf('llm', 'json')
const DELTA = nameOf('llm', 'delta')

/** Names the bytes of JSON line by line (NDJSON), as Ollama streams it, and finds the lines and the deltas in them. */
export function createLinesNamer(find: Find, put: Put, place: Place): ContentNamer {
  const decoder = createLineDecoder(MAX_EVENT_SIZE)
  const line = new Ranges()
  const deltas = createDeltaCollector(place)
  const answer = createAnswer(find)
  let lines = 0
  let failed = false

  function putJson(element: JsonElement, size: number): void {
    put(element === undefined ? LINE : element === 'delta' ? DELTA : JSON_NAME, size)
  }

  function report(text: string): void {
    const where = carriedBy(line.take())
    if (text.trim() === '') return
    find({ layer: 'body', kind: 'line', summary: printable(text), text, ...where })
    const { bytes, body } = where
    const parent = { kind: 'line', from: lines, to: lines } as const
    answer.take({ type: 'message', data: text, where: { bytes, body }, parent }, deltas.found())
    lines++
  }

  function endLine(): void {
    deltas.reset()
    put(END_OF_LINE, 1)
  }

  function fail(error: unknown, at: number): void {
    failed = true
    const { summary, ...code } = refusalOf(error)
    line.add(place, at, 1)
    const said = `byte ${place.offset + at}: ${summary}`
    find({ layer: 'body', kind: 'error', summary: said, ...code, ...carriedBy(line.take()) })
  }

  /** A line, or what there is of it, or of that as much as there is room for: only a single byte can be too many. */
  function takeLine(bytes: Uint8Array, from: number, to: number): void {
    const ends = bytes[to - 1] === LF
    const texts: string[] = []
    try {
      decoder.push(bytes.subarray(from, to), (text) => texts.push(text))
    } catch (error) {
      fail(error, from)
      put(UNREADABLE, bytes.length - from)
      return
    }
    const end = ends ? to - 1 : to
    deltas.take(bytes, from, end, putJson)
    line.add(place, from, to - from)
    for (const text of texts) report(text)
    if (ends) endLine()
  }

  return {
    push(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (failed) {
          put(UNREADABLE, bytes.length - at)
          return
        }
        const lf = bytes.indexOf(LF, at)
        const whole = lf === -1 ? bytes.length : lf + 1
        const end = Math.min(whole, at + Math.max(1, MAX_EVENT_SIZE - line.size))
        takeLine(bytes, at, end)
        at = failed ? bytes.length : end
      }
    },
    end() {
      if (!failed) decoder.end(report)
    },
  }
}
