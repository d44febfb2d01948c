import type { EventStreamItem } from '@sse-from-scratch/sse-client/decoder'

// Nothing here or beside it needs Node: the whole table is read by a page in Chromium, too.

/** A stream, and what a decoder has to say of it, whatever the cuts. */
export interface DecoderCase {
  readonly why: string
  readonly stream: Uint8Array
  readonly seen: readonly EventStreamItem[]
  /** In the end, when nothing more comes. */
  readonly lastEventId: string
}

/** A sentence of the HTML standard, word for word, and the cases that it decides. */
export interface Sentence {
  readonly section: '§9.2.5' | '§9.2.6'
  readonly says: string
  readonly cases: readonly DecoderCase[]
}

/** A case as it is written. What is left out is nothing seen, and no id. */
export type Row = readonly [
  why: string,
  stream: string | Uint8Array,
  seen?: readonly EventStreamItem[],
  lastEventId?: string,
]

export function sentence(section: Sentence['section'], says: string, ...rows: readonly Row[]): Sentence {
  const cases = rows.map(([why, stream, seen = [], lastEventId = '']) => ({
    why,
    stream: bytesIn(stream),
    seen,
    lastEventId,
  }))
  return { section, says, cases }
}

const utf8 = new TextEncoder()

function bytesIn(stream: string | Uint8Array): Uint8Array {
  return typeof stream === 'string' ? utf8.encode(stream) : stream
}

/** A character is a byte: for what is no UTF-8. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

export function event(type: string, data: string, lastEventId: string = ''): EventStreamItem {
  return { kind: 'event', event: { type, data, lastEventId } }
}

export function message(data: string, lastEventId: string = ''): EventStreamItem {
  return event('message', data, lastEventId)
}

export function retry(milliseconds: number): EventStreamItem {
  return { kind: 'retry', milliseconds }
}

export function comment(text: string): EventStreamItem {
  return { kind: 'comment', text }
}

/** Escaped, so that it can stand in the name of a test. */
export function written(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
