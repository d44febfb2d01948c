import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import type { BodyEvent, Limits } from '@sse-from-scratch/http-raw'
import { decodeAll } from '@sse-from-scratch/tcp-echo/testing'

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

export interface ReadBody {
  readonly data: string
  readonly trailers: string
  readonly last: string | undefined
}

/** What a reader of these events knows: where one piece of data ends and the next begins is not part of it. */
export function bodyOf(events: readonly BodyEvent[]): ReadBody {
  let data = ''
  let trailers = ''
  for (const event of events) {
    if (event.kind === 'data') data += Buffer.from(event.data).toString('latin1')
    if (event.kind === 'trailers') trailers += String(event.fields)
  }
  return { data, trailers, last: events.at(-1)?.kind }
}

export function readBody(reads: Iterable<Uint8Array>, limits?: Partial<Limits>): ReadBody {
  return bodyOf(decodeAll(createChunkedDecoder(limits), reads))
}
