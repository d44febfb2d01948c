import type { CreateLineReader } from '../../0-network/04-a-stream-has-no-edges/contract.ts'
import type { CreateChunkDecoder } from '../../1-chunked/04-the-decoder/contract.ts'
import type { CreateSseParser } from '../../2-sse/03-parser-line-by-line/contract.ts'
import type { Delta, FromOpenAI } from '../02-openai-deltas/contract.ts'
import type { UntilSentinel } from '../04-did-it-finish/contract.ts'

export type { Delta } from '../02-openai-deltas/contract.ts'

/**
 * The floor below yours: connects, writes these bytes, and hands out each read as it comes. Leaving the loop closes the
 * connection.
 */
export type Connect = (url: URL, request: Uint8Array, signal?: AbortSignal) => AsyncIterable<Uint8Array>

/** What your stack is made of. */
export interface Layers {
  readonly connect: Connect
  /** 0.4: lines out of bytes, `createLineReader(onLine)`, then `push(bytes)`. Here the lines of the head. */
  readonly createLineReader: CreateLineReader
  /** 1.4: data out of a chunked body: `push(bytes)` returns the pieces of data, `done` says when it is over. */
  readonly createChunkDecoder: CreateChunkDecoder
  /** 2.3: events out of text, `createSseParser(onEvent)`, then `push(text)`. */
  readonly createSseParser: CreateSseParser
  /** 3.2: deltas out of events. */
  readonly fromOpenAI: FromOpenAI
  /** 3.4: was it whole? */
  readonly untilSentinel: UntilSentinel
}

export interface Question {
  readonly url: URL
  /** The key, for example. Default: none. */
  readonly headers?: Readonly<Record<string, string>>
  readonly json: unknown
  readonly signal?: AbortSignal
}

/** Asks, and hands out the answer as it comes. */
export type Ask = (question: Question) => AsyncIterable<Delta>

/**
 * Puts five layers one on the other.
 *
 * ```text
 *   Delta          { kind: 'text', text: 'Hi' }                untilSentinel(fromOpenAI(…))   3.4, 3.2
 *     ▲
 *   events         { type: 'message', data: '{"choices":…' }   createSseParser                2.3
 *     ▲            text: decode the bytes, and mind the cut characters
 *   body           64 61 74 61 3a …                            createChunkDecoder             1.4
 *     ▲
 *   head + body    HTTP/1.1 200 OK CR LF … CR LF CR LF 1a …    createLineReader               0.4
 *     ▲
 *   reads          cut anywhere                                connect
 *     │
 *   request        POST /v1/chat/completions HTTP/1.1 CR LF    you: Host, Content-Type, Connection: close,
 *                                                              the headers, Content-Length (BYTES), an empty line, the JSON
 * ```
 *
 * The body is chunked when the head has a field `Transfer-Encoding: chunked`, in any case of letters; otherwise it lasts until
 * the connection closes. When the body is over, the loop over the reads is left: the server may keep the connection open.
 *
 * The deltas throw an Error with the code `Refused`, and with the status in `status`, when the status is not 200; with the
 * code `Truncated` when the connection ends within the head or the body; with the code of the layer for what a layer throws. A header
 * with a line end in it is a TypeError, before anything is sent.
 */
export type Compose = (layers: Layers) => Ask
