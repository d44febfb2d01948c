import { type ChunkedDecoder, chunked, createChunkedDecoder } from '@sse-from-scratch/chunked'
import {
  createRequestDecoder,
  createResponseDecoder,
  DEFAULT_LIMITS,
  type Limits,
  type MessageEvent,
  type TransferCoding,
} from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { createChunkNamer, isFraming } from './chunks.ts'
import { createContentNamer } from './content.ts'
import { type Conversation, isTunnel, MAX_UNANSWERED } from './conversation.ts'
import { createHeadGrammar, REQUEST_LINE, STATUS_LINE } from './head-grammar.ts'
import { type Head, isInterim, summaryOf } from './heads.ts'
import { type ContentNamer, type Find, MESSAGE_BODY, type Name, type Put, TUNNEL, UNREADABLE } from './name.ts'
import { createOpening, OPENING_SIZE } from './opening.ts'
import { type Refusal, refusalOf } from './refusal.ts'
import type { Direction, Layer } from './span.ts'

const LF = 10

const TOO_MANY_UNANSWERED: Refusal = {
  code: 'XRAY_TOO_MANY_UNANSWERED',
  summary: `more than ${MAX_UNANSWERED} requests wait for an answer`,
}

/** One direction of a connection. */
export interface Side {
  /** Takes the next bytes and says what they are. */
  push(bytes: Uint8Array): void
  /** The direction has ended. */
  end(): void
}

/**
 * Feeds the ordinary decoders. What a decoder says it is about to read names the bytes, and what pops out behind them is
 * what they completed.
 *
 * It feeds runs of which only the last byte can change anything: a line of a head with its LF, what is there of a chunk's
 * data; elsewhere one byte. So nothing is different when it all comes byte by byte.
 */
export function createSide(
  direction: Direction,
  conversation: Conversation,
  find: Find,
  name: Put,
  report: () => void,
  given: Partial<Limits> = {},
): Side {
  const foreignAt = createOpening()
  const limits = { ...DEFAULT_LIMITS, ...given }
  const heads = createHeadGrammar(direction === 'up' ? REQUEST_LINE : STATUS_LINE)
  let offset = 0 // of the next byte to be named
  let last = 0 // offset of the last byte of this run
  let decoder: Decoder<MessageEvent<Head>> | undefined
  let framing: ChunkedDecoder | undefined // of this message, when it has chunks
  let method = '' // of the request this is, or answers
  let start = 0 // of the current head
  let chunks = createChunkNamer(0, find)
  let content: ContentNamer | undefined
  let data: Uint8Array | undefined // what this run had for the content
  let isOver = false // the message, with this run
  let failed = false

  const watched: TransferCoding = {
    ...chunked,
    createDecoder(options) {
      framing = createChunkedDecoder(options)
      return framing
    },
  }

  const put: Put = (next, size) => {
    offset += size
    name(next, size)
  }

  function nextMessage(): Decoder<MessageEvent<Head>> {
    const options = { transferCodings: [watched], limits: given }
    start = offset
    content = undefined
    framing = undefined
    if (direction === 'up') return createRequestDecoder(options)
    method = conversation.answered()
    return createResponseDecoder(method, options)
  }

  function take(event: MessageEvent<Head>): void {
    if ('head' in event) takeHead(event.head)
    else if (event.kind === 'data') data = event.data
    else if (event.kind === 'trailers') chunks.takeTrailers(event.fields, last)
    else isOver = true
  }

  function takeHead(head: Head): void {
    const range = [start, last + 1] as const
    find({ layer: 'http', kind: isInterim(head) ? 'interim' : 'head', summary: summaryOf(head), bytes: [range] })
    if ('method' in head && !conversation.asked(head.method)) fail(TOO_MANY_UNANSWERED)
    start = last + 1
    if (isInterim(head)) return
    chunks = createChunkNamer(start, find)
    if ('status' in head) conversation.tunnel = isTunnel(head.status, method)
    content = createContentNamer(head.fields, range, find, put)
  }

  function fail({ summary, ...code }: Refusal, layer: Layer = 'http', from: number = start): void {
    failed = true
    find({ layer, kind: 'error', summary: `byte ${last}: ${summary}`, ...code, bytes: [[from, last + 1]] })
  }

  /** Bytes that come before anything can change, and the one with which it may. */
  function runOf(bytes: Uint8Array, state: string): number {
    if (offset < OPENING_SIZE) return 1
    if (state === 'message-body') return bytes.length
    if (state === 'chunk-data') return Math.min(framing?.left ?? 1, bytes.length)
    if (state === 'trailer-section') return lineOf(bytes, limits.trailerSize - (offset - chunks.start))
    return isFraming(state) ? 1 : lineOf(bytes, limits.headSize - (offset - start))
  }

  /** Names a run of a head, a trailer section or framing, all of it but its last byte before the decoder has it. */
  function nameLine(bytes: Uint8Array, before: string): void {
    const size = bytes.length
    if (before === 'trailer-section') chunks.take(bytes, 0, size - 1, put)
    else if (!isFraming(before)) heads.take(bytes, 0, size - 1, put)
    const byte = bytes[size - 1] as number
    if (!feed(bytes, before)) return put(UNREADABLE, 1)
    put(nameOf(before, byte), 1)
    if (isOver) endContent()
  }

  function nameOf(before: string, byte: number): Name {
    if (isFraming(before)) return chunks.name(before, decoder?.state ?? '', byte, last)
    return heads.name(byte)
  }

  /** Names a run of content, which is refused only where a body may have no more. */
  function nameData(bytes: Uint8Array, before: string): void {
    const isFed = feed(bytes, before)
    if (data) nameContent(data)
    if (!isFed) {
      put(UNREADABLE, bytes.length - sizeOf(data))
    } else if (isOver) endContent()
  }

  function nameContent(bytes: Uint8Array): void {
    if (content) content.push(bytes, offset)
    else put(MESSAGE_BODY, bytes.length)
  }

  function endContent(): void {
    content?.end()
    report()
  }

  /** Gives a run to the decoder; returns whether it took it. */
  function feed(bytes: Uint8Array, before: string): boolean {
    data = undefined
    isOver = false
    try {
      decoder?.push(bytes, take)
      return true
    } catch (error) {
      if (before === 'message-body') last = offset + sizeOf(data)
      const inChunk = before === 'chunk-data' || isFraming(before)
      fail(refusalOf(error), inChunk ? 'chunked' : 'http', inChunk ? chunks.start : start)
      return false
    }
  }

  /** Names the bytes up to where something may change; returns how many those were. */
  function takeRun(bytes: Uint8Array): number {
    const from = offset
    if (failed || conversation.foreign) put(UNREADABLE, bytes.length)
    else if ((decoder === undefined || decoder.state === 'done') && conversation.tunnel) put(TUNNEL, bytes.length)
    else takeMessage(bytes)
    return offset - from
  }

  function takeMessage(bytes: Uint8Array): void {
    if (decoder === undefined || decoder.state === 'done') decoder = nextMessage()
    last = offset
    if (offset < OPENING_SIZE) {
      const foreign = foreignAt(bytes[0] as number, offset)
      if (foreign) {
        conversation.foreign = true
        fail(foreign)
        return put(UNREADABLE, 1)
      }
    }
    const { state } = decoder
    const size = runOf(bytes, state)
    const run = size === bytes.length ? bytes : bytes.subarray(0, size)
    last = offset + size - 1
    if (state === 'message-body' || state === 'chunk-data') nameData(run, state)
    else nameLine(run, state)
  }

  return {
    push(bytes) {
      for (let at = 0; at < bytes.length; ) at += takeRun(at === 0 ? bytes : bytes.subarray(at))
    },
    end() {
      if (failed || decoder === undefined) return
      try {
        isOver = false
        decoder.end(take)
        if (isOver) content?.end()
      } catch (error) {
        const { summary, ...code } = refusalOf(error)
        const layer = decoder.state === 'chunk-data' || isFraming(decoder.state) ? 'chunked' : 'http'
        const from = layer === 'chunked' ? chunks.start : start
        find({
          layer,
          kind: 'error',
          summary: `the stream ends at byte ${offset}: ${summary}`,
          ...code,
          bytes: [[from, offset]],
        })
        content?.end()
      }
    },
  }
}

function sizeOf(bytes: Uint8Array | undefined): number {
  return bytes?.length ?? 0
}

/** A line with its LF, or what there is of it; one byte when more could be too many. */
function lineOf(bytes: Uint8Array, room: number): number {
  const lf = bytes.indexOf(LF)
  const size = lf === -1 ? bytes.length : lf + 1
  return size <= room ? size : 1
}
