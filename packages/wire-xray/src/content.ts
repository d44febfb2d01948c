import type { Fields } from '@sse-from-scratch/http-raw'
import { createEventStreamNamer } from './event-stream.ts'
import { createLinesNamer } from './lines.ts'
import { type ContentNamer, type Find, MESSAGE_BODY, type Put } from './name.ts'
import { printable } from './printable.ts'
import type { Place } from './ranges.ts'
import type { ByteRange } from './span.ts'

/** Content that is looked into, by its media type. */
const NAMERS: ReadonlyMap<string, typeof createEventStreamNamer> = new Map([
  ['text/event-stream', createEventStreamNamer],
  ['application/x-ndjson', createLinesNamer],
  ['application/ndjson', createLinesNamer],
  ['application/jsonl', createLinesNamer],
  ['application/x-jsonlines', createLinesNamer],
])

/** Looks into an event stream that is not compressed, and at nothing else. */
export function createContentNamer(fields: Fields, head: ByteRange, find: Find, put: Put, place: Place): ContentNamer {
  const type = fields.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const codings = fields.list('content-encoding').filter((coding) => coding !== 'identity')
  const opaque: ContentNamer = { push: (bytes) => put(MESSAGE_BODY, bytes.length), end: () => {} }
  const createNamer = NAMERS.get(type ?? '')
  if (createNamer === undefined) return opaque
  if (codings.length === 0) return createNamer(find, put, place)
  const summary = `the event stream is compressed with ${printable(codings.join(', '))}: its events cannot be seen here`
  find({ layer: 'body', kind: 'opaque', summary, bytes: [head] })
  return opaque
}
