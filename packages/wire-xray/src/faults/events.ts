import { latin1, type ResponseHead } from '@sse-from-scratch/http-raw'
import { createEventDecoder, type ServerSentEvent, SseError } from '@sse-from-scratch/sse-client/decoder'

/** An event, and where it ends in the bytes that were pushed: behind its blank line. */
export interface EventEnd {
  readonly event: ServerSentEvent
  readonly end: number
}

/** Finds the events in the content of one answer. */
export interface EventFinder {
  /** The next bytes of the content; says which events they complete. */
  push(data: Uint8Array): readonly EventEnd[]
}

/** The finder for an answer; `undefined` for one that has no events we can see: another type, or a compressed one. */
export function eventFinderFor({ fields }: ResponseHead): EventFinder | undefined {
  const type = fields.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (fields.list('content-encoding').some((coding) => coding !== 'identity')) return undefined
  if (type === 'text/event-stream') return createEventFinder()
  return type !== undefined && LINES.has(type) ? createLineFinder() : undefined
}

/** JSON a line, as Ollama streams it. */
const LINES: ReadonlySet<string> = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl'])

const LF = 10
const CR = 13

/** An event stream (HTML §9.2.6). Events end where lines do, so the decoder gets a line at a time. */
function createEventFinder(): EventFinder {
  const decoder = createEventDecoder()
  return {
    push(data) {
      const found: EventEnd[] = []
      try {
        for (let at = 0; at < data.length; ) {
          const end = lineEnd(data, at)
          decoder.push(data.subarray(at, end), (item) => {
            if (item.kind === 'event') found.push({ event: item.event, end })
          })
          at = end
        }
      } catch (error) {
        if (!(error instanceof SseError)) throw error // an event too large to look at: there are no more
      }
      return found
    },
  }
}

/** Behind LF, CR LF or CR (§9.2.5). */
function lineEnd(data: Uint8Array, from: number): number {
  for (let at = from; at < data.length; at++) {
    if (data[at] === LF) return at + 1
    if (data[at] === CR) return data[at + 1] === LF ? at + 2 : at + 1
  }
  return data.length
}

function createLineFinder(): EventFinder {
  let line = ''
  return {
    push(data) {
      const found: EventEnd[] = []
      for (let at = 0; at < data.length; ) {
        const lf = data.indexOf(LF, at)
        const end = lf === -1 ? data.length : lf + 1
        if (line.length < MAX_LINE) line += latin1(data.subarray(at, end))
        at = end
        if (lf === -1) continue
        const text = utf8Of(line).trim()
        line = ''
        if (text !== '') found.push({ event: { type: 'message', data: text, lastEventId: '' }, end })
      }
      return found
    },
  }
}

const MAX_LINE = 1024 * 1024

function utf8Of(binary: string): string {
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
}
