import { chunked } from '@sse-from-scratch/chunked'
import {
  createRequestDecoder,
  createResponseDecoder,
  HttpError,
  type Limits,
  latin1,
  type MessageEvent,
  persists,
  type RequestHead,
  type ResponseHead,
} from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'

type Head = RequestHead | ResponseHead
type Event = MessageEvent<Head>

/** A message as whoever reads it knows it: where the network cut it is not part of it. */
export interface ReadMessage {
  /** Start line and field lines, as they would be written; of interim responses first. */
  readonly head: string
  readonly body: string
  readonly trailers: string
}

/** What a whole connection was read as. */
export interface Reading {
  readonly messages: readonly ReadMessage[]
  /** How many of them were read to their end: all, or all but the last. */
  readonly complete: number
  /** The code of the refusal; else whether the stream ended between messages, or before what was read is over. */
  readonly outcome: string
  /** The element that the decoder was at. */
  readonly state: string
}

export interface ReadOptions {
  /** Methods of the requests that are being answered; leave it out to read requests. */
  readonly answers?: readonly string[] | undefined
  readonly limits?: Partial<Limits>
}

/** One decoder after the other, as on a kept connection, until one refuses, closes, or the bytes are over. */
export function readMessages(reads: readonly Uint8Array[], options: ReadOptions = {}): Reading {
  const messages: Mutable<ReadMessage>[] = []
  let decoder: Decoder<Event> | undefined
  let current: Mutable<ReadMessage> | undefined
  let closes = false

  function emit(event: Event, within?: Uint8Array): void {
    current ??= add(messages)
    if (event.kind === 'interim') current.head += startOf(event.head)
    if (event.kind === 'head') {
      current.head += startOf(event.head)
      closes = lastOnItsConnection(event.head)
    }
    if (event.kind === 'data') {
      assertWithin(event.data, within)
      current.body += latin1(event.data)
    }
    if (event.kind === 'trailers') current.trailers += String(event.fields)
    if (event.kind === 'end') current = undefined
  }

  const reading = (outcome: string): Reading => {
    const complete = current === undefined ? messages.length : messages.length - 1
    return { messages, complete, outcome, state: decoder?.state ?? 'none' }
  }
  let ended = false
  try {
    for (const read of reads) {
      let rest = read
      while (rest.length > 0) {
        if (decoder?.state === 'done') {
          if (closes) return reading('closed')
          decoder = undefined
        }
        decoder ??= nextDecoder(messages.length, options)
        rest = rest.subarray(taken(decoder, rest, createOrderedEmit(rest, emit)))
      }
    }
    ended = true
    decoder?.end((event) => emit(event))
    return reading(current === undefined ? 'clean' : 'inside')
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    if (decoder && !ended) assertStaysBroken(decoder, error)
    return reading(error.code)
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

function add(messages: Mutable<ReadMessage>[]): Mutable<ReadMessage> {
  const message = { head: '', body: '', trailers: '' }
  messages.push(message)
  return message
}

function nextDecoder(index: number, { answers, limits = {} }: ReadOptions): Decoder<Event> {
  const options = { transferCodings: [chunked], limits }
  return answers === undefined ? createRequestDecoder(options) : createResponseDecoder(answers[index] ?? 'GET', options)
}

function startOf(head: Head): string {
  const line = 'method' in head ? `${head.method} ${head.target}` : `${head.status} ${head.reason}`
  return `${line} HTTP/${head.version}\r\n${head.fields}\r\n`
}

/** After these, HTTP is over on the connection, and what follows is nobody's message. */
function lastOnItsConnection(head: Head): boolean {
  return !persists(head) || ('method' in head ? head.method === 'CONNECT' : head.status === 101)
}

/** A decoder takes no more than there is, and leaves nothing unless its message is over: so every loop ends. */
function taken(decoder: Decoder<Event>, bytes: Uint8Array, emit: (event: Event) => void): number {
  const count = decoder.push(bytes, emit)
  if (!Number.isInteger(count) || count < 0 || count > bytes.length) throw new Error(`took ${count} of ${bytes.length}`)
  if (count < bytes.length && decoder.state !== 'done') throw new Error(`left bytes behind at ${decoder.state}`)
  return count
}

/** Data comes out in the order it went in, and no byte of it twice. */
function createOrderedEmit(read: Uint8Array, emit: (event: Event, within: Uint8Array) => void): (event: Event) => void {
  let free = read
  return (event) => {
    emit(event, free)
    if (event.kind !== 'data') return
    const end = event.data.byteOffset + event.data.length
    free = free.subarray(end - free.byteOffset)
  }
}

function assertWithin(data: Uint8Array, read: Uint8Array | undefined): void {
  const end = (view: Uint8Array) => view.byteOffset + view.length
  if (read && data.buffer === read.buffer && data.byteOffset >= read.byteOffset && end(data) <= end(read)) return
  throw new Error('data that is not a view of the bytes that were pushed, in their order')
}

/** Nobody knows what would stand behind a refused message: it must not be read, not even by mistake. */
function assertStaysBroken(decoder: Decoder<Event>, refusal: HttpError): void {
  for (const more of ['\r\n', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n', '0\r\n\r\n']) {
    try {
      decoder.push(Buffer.from(more), () => {})
    } catch (error) {
      if (error === refusal) continue
    }
    throw new Error(`after ${refusal.code} the decoder went on to read ${JSON.stringify(more)}`)
  }
}
