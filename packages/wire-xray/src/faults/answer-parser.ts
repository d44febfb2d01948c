import { chunked } from '@sse-from-scratch/chunked'
import {
  createResponseDecoder,
  HttpError,
  type MessageEvent,
  type RequestHead,
  type ResponseHead,
} from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { NOTHING } from '../joined.ts'
import type { AnswerHead, Part } from './answer-part.ts'
import { createChunkPieces } from './chunk-pieces.ts'

/** Takes answers apart, one after the other. */
export interface AnswerParser {
  push(bytes: Uint8Array, emit: (part: Part) => void): void
  /** FIN. */
  end(emit: (part: Part) => void): void
}

type Emit = (part: Part) => void
type Event = MessageEvent<ResponseHead>

const LF = 10
const FRAMING = {
  none: 'none',
  'content-length': 'length',
  'transfer-coding': 'chunked',
  'until-close': 'close',
} as const

/** Finds the parts with the decoders of http-raw and chunked. A chunk is kept back until it is whole. */
export function createAnswerParser(nextRequest: () => RequestHead | undefined): AnswerParser {
  let decoder: Decoder<Event> | undefined
  let request: RequestHead | undefined
  let framing: AnswerHead['framing'] = 'none'
  let inHead = true
  let lost = false
  const pieces = createChunkPieces()

  function begin(): Decoder<Event> {
    request = nextRequest()
    inHead = true
    return createResponseDecoder(request?.method ?? 'GET', { transferCodings: [chunked] })
  }

  /** A line: the decoder does not say where in what it was given a head ends. */
  function pushHead(decoder: Decoder<Event>, bytes: Uint8Array, emit: Emit): number {
    const line = bytes.subarray(0, bytes.indexOf(LF) + 1 || bytes.length)
    const events: Event[] = []
    decoder.push(line, (event) => events.push(event))
    pieces.keep(line)
    const [first] = events
    if (first?.kind === 'interim') emit({ kind: 'interim', bytes: pieces.take().bytes })
    if (first?.kind === 'head') takeHead(first, emit)
    if (events.some(({ kind }) => kind === 'end')) emit({ kind: 'end', bytes: NOTHING })
    return line.length
  }

  function takeHead({ head, length }: Event & { kind: 'head' }, emit: Emit): void {
    inHead = false
    framing = FRAMING[length.kind]
    lost = head.status === 101 || (request?.method === 'CONNECT' && head.status < 300)
    emit({ kind: 'head', bytes: pieces.take().bytes, head, framing, request })
  }

  function pushBody(decoder: Decoder<Event>, bytes: Uint8Array, emit: Emit): number {
    const views: Uint8Array[] = []
    let ended = false
    let taken = 0
    let failure: unknown
    try {
      taken = decoder.push(bytes, (event) => {
        if (event.kind === 'data') views.push(event.data)
        ended ||= event.kind === 'end'
      })
    } catch (error) {
      failure = error
    }
    const read = failure ? bytes : bytes.subarray(0, taken)
    const isOpen = !failure && decoder.state === 'chunk-data'
    const rest = framing === 'chunked' ? pieces.push(read, views, isOpen, emit) : NOTHING
    if (framing !== 'chunked') for (const view of views) emit({ kind: 'data', bytes: view, data: view, from: 0 })
    pieces.keep(rest)
    if (failure) breakOff(failure, emit)
    else if (ended) emit({ kind: 'end', bytes: pieces.take().bytes })
    return read.length
  }

  function breakOff(error: unknown, emit: Emit): void {
    if (!(error instanceof HttpError)) throw error
    lost = true
    emit({ kind: 'broken', bytes: pieces.take().bytes })
  }

  return {
    push(bytes, emit) {
      for (let at = 0; at < bytes.length; ) {
        const rest = bytes.subarray(at)
        if (lost) return emit({ kind: 'opaque', bytes: rest })
        if (decoder === undefined || decoder.state === 'done') decoder = begin()
        if (!inHead) {
          at += pushBody(decoder, rest, emit)
          continue
        }
        try {
          at += pushHead(decoder, rest, emit)
        } catch (error) {
          pieces.keep(rest)
          return breakOff(error, emit)
        }
      }
    },
    end(emit) {
      if (lost || decoder === undefined || decoder.state === 'done') return
      if (!inHead && framing === 'close') {
        decoder.end(() => {})
        return emit({ kind: 'end', bytes: NOTHING })
      }
      lost = true
      emit({ kind: 'cut', ...pieces.take() })
    },
  }
}
