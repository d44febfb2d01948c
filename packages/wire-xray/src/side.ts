import { type ChunkedState, chunked } from '@sse-from-scratch/chunked'
import {
  createRequestDecoder,
  createResponseDecoder,
  type MessageEvent,
  type RequestHead,
  type ResponseHead,
} from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { createChunkGrammar } from './chunk-grammar.ts'
import { createContentNamer } from './content.ts'
import { codeOf, messageOf } from './errors.ts'
import { createHeadGrammar, REQUEST_LINE, STATUS_LINE } from './head-grammar.ts'
import { type ContentNamer, type Find, MESSAGE_BODY, type Name, TUNNEL, UNREADABLE } from './name.ts'
import type { Direction } from './span.ts'

/** What the two directions of one connection must know of each other. */
export interface Conversation {
  /** Methods of the requests that wait for an answer: the answer's length depends on them (RFC 9112 §6.3). */
  readonly unanswered: string[]
  /** The connection stopped speaking HTTP: a 101, or a CONNECT that succeeded. */
  tunnel: boolean
}

type Head = RequestHead | ResponseHead
type FramingState = Exclude<ChunkedState, 'chunk-data' | 'done'>

/** One direction of a connection. */
export interface Side {
  /** Takes the next byte and says what it is. */
  name(byte: number): Name
  end(): void
}

/**
 * Feeds the ordinary decoders one byte at a time. What a decoder says it is about to read names the byte, and what
 * pops out behind it is what the byte completed.
 */
export function createSide(direction: Direction, conversation: Conversation, find: Find): Side {
  const one = new Uint8Array(1)
  let offset = 0
  let decoder: Decoder<MessageEvent<Head>> | undefined
  let headGrammar: (byte: number) => string
  let chunkGrammar: ReturnType<typeof createChunkGrammar>
  let content: ContentNamer | undefined
  let inside: Name | undefined // what the content namer called this byte
  let start = 0 // of the current message, then of the current chunk
  let size = 0 // of the current chunk
  let failed = false

  function nextMessage(): Decoder<MessageEvent<Head>> {
    const options = { transferCodings: [chunked] }
    start = offset
    headGrammar = createHeadGrammar(direction === 'up' ? REQUEST_LINE : STATUS_LINE)
    chunkGrammar = createChunkGrammar()
    return direction === 'up'
      ? createRequestDecoder(options)
      : createResponseDecoder(conversation.unanswered.shift() ?? 'GET', options)
  }

  function take(event: MessageEvent<Head>): void {
    if ('head' in event) takeHead(event.head)
    else if (event.kind === 'data') {
      size++
      inside = content?.name(one[0] as number, offset)
    } else if (event.kind === 'trailers') {
      find('chunked', 'trailers', [...event.fields].map(([name]) => name).join(', '), [[start, offset + 1]])
    } else content?.end()
  }

  function takeHead(head: Head): void {
    const range = [start, offset + 1] as const
    if ('method' in head) {
      conversation.unanswered.push(head.method)
      find('http', 'head', `${head.method} ${head.target}`, [range])
    } else {
      const interim = head.status < 200 && head.status !== 101
      find('http', interim ? 'interim' : 'head', `${head.status} ${head.reason}`, [range])
      if (head.status === 101) conversation.tunnel = true
    }
    content = createContentNamer(head.fields, range, find)
    start = offset + 1
  }

  /** Names a byte by the state the decoder was in before it, and reports a chunk when its last byte is in. */
  function nameOf(state: string, byte: number): Name {
    switch (state) {
      case 'message-body':
      case 'chunk-data':
        return inside ?? MESSAGE_BODY
      case 'chunk-size':
      case 'chunk-ext':
      case 'chunk-size-lf':
      case 'chunk-data-cr':
      case 'chunk-data-lf':
      case 'trailer-section':
        return { layer: 'chunked', element: chunkGrammar(state satisfies FramingState, byte) }
      default:
        return { layer: 'http', element: headGrammar(byte) }
    }
  }

  function findChunk(before: string, after: string | undefined): void {
    if (before === 'chunk-data-lf') find('chunked', 'chunk', `chunk of ${size} bytes`, [[start, offset + 1]])
    else if (before === 'chunk-size-lf' && after !== 'chunk-data') {
      find('chunked', 'last-chunk', 'last chunk', [[start, offset + 1]])
    } else return
    start = offset + 1
    size = 0
  }

  function fail(error: unknown): Name {
    failed = true
    find('http', 'error', `byte ${offset}: ${messageOf(error)}`, [[start, offset + 1]], codeOf(error))
    return UNREADABLE
  }

  function nameNext(byte: number): Name {
    if (failed) return UNREADABLE
    if (decoder === undefined || decoder.state === 'done') {
      if (conversation.tunnel) return TUNNEL
      decoder = nextMessage()
    }
    const state = decoder.state
    one[0] = byte
    try {
      decoder.push(one, take)
    } catch (error) {
      return fail(error)
    }
    const name = nameOf(state, byte)
    findChunk(state, decoder.state)
    return name
  }

  return {
    name(byte) {
      const name = nameNext(byte)
      offset++
      return name
    },
    end() {
      if (failed || decoder === undefined) return
      try {
        decoder.end(take)
      } catch (error) {
        find(
          'http',
          'error',
          `the stream ends at byte ${offset}: ${messageOf(error)}`,
          [[start, offset]],
          codeOf(error),
        )
        content?.end()
      }
    },
  }
}
