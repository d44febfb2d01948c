import { chunked } from '@sse-from-scratch/chunked'
import { createRequestDecoder, createResponseDecoder, type Limits, type MessageEvent } from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { createChunkNamer, isFraming } from './chunks.ts'
import { createContentNamer } from './content.ts'
import { type Conversation, isTunnel, MAX_UNANSWERED } from './conversation.ts'
import { createHeadGrammar, REQUEST_LINE, STATUS_LINE } from './head-grammar.ts'
import { type Head, isInterim, summaryOf } from './heads.ts'
import { type ContentNamer, type Find, MESSAGE_BODY, type Name, TUNNEL, UNREADABLE } from './name.ts'
import { createOpening } from './opening.ts'
import { type Refusal, refusalOf } from './refusal.ts'
import type { Direction, Layer } from './span.ts'

const TOO_MANY_UNANSWERED: Refusal = {
  code: 'XRAY_TOO_MANY_UNANSWERED',
  summary: `more than ${MAX_UNANSWERED} requests wait for an answer`,
}

/** One direction of a connection. */
export interface Side {
  /** Takes the next byte and says what it is. */
  name(byte: number): Name
  /** The direction has ended. */
  end(): void
}

/**
 * Feeds the ordinary decoders one byte at a time. What a decoder says it is about to read names the byte, and what
 * pops out behind it is what the byte completed.
 */
export function createSide(
  direction: Direction,
  conversation: Conversation,
  find: Find,
  limits: Partial<Limits> = {},
): Side {
  const one = new Uint8Array(1)
  const foreignAt = createOpening()
  const nameInHead = createHeadGrammar(direction === 'up' ? REQUEST_LINE : STATUS_LINE)
  let offset = 0
  let decoder: Decoder<MessageEvent<Head>> | undefined
  let method = '' // of the request this is, or answers
  let start = 0 // of the current head
  let chunks = createChunkNamer(0, find)
  let content: ContentNamer | undefined
  let inContent = MESSAGE_BODY // what the content namer called this byte
  let failed = false

  function nextMessage(): Decoder<MessageEvent<Head>> {
    const options = { transferCodings: [chunked], limits }
    start = offset
    content = undefined
    if (direction === 'up') return createRequestDecoder(options)
    method = conversation.answered()
    return createResponseDecoder(method, options)
  }

  function take(event: MessageEvent<Head>): void {
    if ('head' in event) takeHead(event.head)
    else if (event.kind === 'data') inContent = content?.name(one[0] as number, offset) ?? MESSAGE_BODY
    else if (event.kind === 'trailers') chunks.takeTrailers(event.fields, offset)
    else if (event.kind === 'end') content?.end()
  }

  function takeHead(head: Head): void {
    const range = [start, offset + 1] as const
    find({ layer: 'http', kind: isInterim(head) ? 'interim' : 'head', summary: summaryOf(head), bytes: [range] })
    if ('method' in head && !conversation.asked(head.method)) fail(TOO_MANY_UNANSWERED)
    start = offset + 1
    if (isInterim(head)) return
    chunks = createChunkNamer(start, find)
    if ('status' in head) conversation.tunnel = isTunnel(head.status, method)
    content = createContentNamer(head.fields, range, find)
  }

  /** Names a byte by the state the decoder was in before it. */
  function nameOf(before: string, after: string, byte: number): Name {
    if (before === 'message-body' || before === 'chunk-data') return inContent
    if (isFraming(before)) return chunks.name(before, after, byte, offset)
    return { layer: 'http', element: nameInHead(byte) }
  }

  function fail({ summary, ...code }: Refusal, layer: Layer = 'http', from: number = start): Name {
    failed = true
    find({ layer, kind: 'error', summary: `byte ${offset}: ${summary}`, ...code, bytes: [[from, offset + 1]] })
    return UNREADABLE
  }

  function takeByte(byte: number): Name {
    if (failed || conversation.foreign) return UNREADABLE
    if (decoder === undefined || decoder.state === 'done') {
      if (conversation.tunnel) return TUNNEL
      decoder = nextMessage()
    }
    const foreign = foreignAt(byte, offset)
    conversation.foreign = foreign !== undefined
    if (foreign) return fail(foreign)

    const before = decoder.state
    one[0] = byte
    try {
      decoder.push(one, take)
    } catch (error) {
      const inChunk = before === 'chunk-data' || isFraming(before)
      return inChunk ? fail(refusalOf(error), 'chunked', chunks.start) : fail(refusalOf(error))
    }
    return nameOf(before, decoder.state, byte)
  }

  return {
    name(byte) {
      const name = takeByte(byte)
      offset++
      return name
    },
    end() {
      if (failed || decoder === undefined) return
      try {
        decoder.end(take)
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
