import { codedContent, type Fields } from '@sse-from-scratch/http-raw'
import type { CodedOptions } from './coded.ts'
import { createEventStreamNamer } from './event-stream.ts'
import { createLinesNamer } from './lines.ts'
import { type ContentNamer, type Find, MESSAGE_BODY, type Put } from './name.ts'
import type { CreateNamer } from './plain.ts'
import { printable } from './printable.ts'
import type { Place } from './ranges.ts'
import type { ByteRange } from './span.ts'

/** Content that is looked into, by its media type. */
const NAMERS: ReadonlyMap<string, CreateNamer> = new Map<string, CreateNamer>([
  ['text/event-stream', createEventStreamNamer],
  ['application/x-ndjson', createLinesNamer],
  ['application/ndjson', createLinesNamer],
  ['application/jsonl', createLinesNamer],
  ['application/x-jsonlines', createLinesNamer],
])

/** Where the content of a message is told about. */
export interface ContentContext {
  readonly find: Find
  readonly put: Put
  readonly place: Place
  /** For content that is compressed. */
  readonly coded: Pick<CodedOptions, 'hearPlain' | 'wake' | 'work'> & {
    readonly createCoded: (options: CodedOptions) => ContentNamer
  }
}

/** Looks into event streams and NDJSON, also where they are compressed, and at nothing else. */
export function createContentNamer(fields: Fields, head: ByteRange, context: ContentContext): ContentNamer {
  const { find, put, place, coded } = context
  const type = fields.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const codings = fields.list('content-encoding').filter((coding) => coding !== 'identity')
  const createNamer = NAMERS.get(type ?? '')
  const opaque: ContentNamer = { push: (bytes) => put(MESSAGE_BODY, bytes.length), end: () => {} }
  if (createNamer === undefined) return opaque
  if (codings.length === 0) return createNamer(find, put, place)
  const content = codedContent(fields)
  if (content) return coded.createCoded({ content, find, put, place, createNamer, ...coded })
  const summary = `the content is compressed with ${printable(codings.join(', '))}: what is in it cannot be seen here`
  find({ layer: 'body', kind: 'opaque', summary, bytes: [head] })
  return opaque
}
