import { type ChunkedDecoder, chunked, createChunkedDecoder } from '@sse-from-scratch/chunked'
import {
  createRequestDecoder,
  createResponseDecoder,
  type Limits,
  type MessageEvent,
  type TransferCoding,
} from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { type ChunkNamer, createChunkNamer } from './chunks.ts'
import { type Conversation, isTunnel } from './conversation.ts'
import { type Head, isInterim, summaryOf } from './heads.ts'
import type { ContentNamer, Find } from './name.ts'
import { shownHead } from './shown-head.ts'
import type { ByteRange, Direction } from './span.ts'

/** What it takes to look at the messages of one direction. */
export interface MessageContext {
  readonly direction: Direction
  readonly conversation: Conversation
  readonly limits: Partial<Limits>
  readonly find: Find
  createContent(head: Head, range: ByteRange): ContentNamer
}

/** One message, and what its decoder says of it. */
export interface Message {
  /** The grammar element the next byte belongs to. */
  readonly state: string
  /** Where its current head begins, or its body. */
  readonly start: number
  readonly chunks: ChunkNamer
  readonly content: ContentNamer | undefined
  /** Reports what is found in it. */
  readonly find: Find
  /** Bytes of the current chunk's data still to come. */
  readonly left: number
  /** What the last run had for the content. */
  readonly data: Uint8Array | undefined
  /** Whether the last run ended it. */
  readonly isOver: boolean
  /** Where the head begins with which the requests without an answer have become too many. */
  readonly tooMany: number | undefined
  /** Gives a run to the decoder; `last` is the offset of its last byte. Throws what the decoder does. */
  push(run: Uint8Array, last: number): void
  /** The direction has ended. Throws what the decoder does. */
  end(): void
}

/** Begins a message at `first`. */
export function createMessage(context: MessageContext, first: number): Message {
  const { direction, conversation, limits, find, createContent } = context
  const method = direction === 'down' ? conversation.answered() : ''
  let framing: ChunkedDecoder | undefined // when it has chunks
  let start = first
  let last = first // offset of the last byte of this run
  let chunks = createChunkNamer(first, find)
  let content: ContentNamer | undefined
  let data: Uint8Array | undefined
  let isOver = false
  let tooMany: number | undefined

  const watched: TransferCoding = {
    ...chunked,
    createDecoder(options) {
      framing = createChunkedDecoder(options)
      return framing
    },
  }
  const options = { transferCodings: [watched], limits }
  const decoder: Decoder<MessageEvent<Head>> =
    direction === 'up' ? createRequestDecoder(options) : createResponseDecoder(method, options)

  function take(event: MessageEvent<Head>): void {
    if ('head' in event) takeHead(event.head)
    else if (event.kind === 'data') data = event.data
    else if (event.kind === 'trailers') chunks.takeTrailers(event.fields, last)
    else isOver = true
  }

  function takeHead(head: Head): void {
    const range = [start, last + 1] as const
    const kind = isInterim(head) ? 'interim' : 'head'
    find({ layer: 'http', kind, summary: summaryOf(head), head: shownHead(head), bytes: [range] })
    if ('method' in head && !conversation.asked(head.method)) tooMany = start
    start = last + 1
    if (isInterim(head)) return
    chunks = createChunkNamer(start, find)
    if ('status' in head) conversation.tunnel = isTunnel(head.status, method)
    content = createContent(head, range)
  }

  return {
    find,
    get state() {
      return decoder.state
    },
    get start() {
      return start
    },
    get chunks() {
      return chunks
    },
    get content() {
      return content
    },
    get left() {
      return framing?.left ?? 1
    },
    get data() {
      return data
    },
    get isOver() {
      return isOver
    },
    get tooMany() {
      return tooMany
    },
    push(run, lastOffset) {
      last = lastOffset
      data = undefined
      isOver = false
      decoder.push(run, take)
    },
    end() {
      isOver = false
      decoder.end(take)
    },
  }
}
