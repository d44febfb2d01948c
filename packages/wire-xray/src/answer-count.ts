import { chunked } from '@sse-from-scratch/chunked'
import {
  createRequestDecoder,
  createResponseDecoder,
  HttpError,
  type MessageEvent,
  type RequestHead,
} from '@sse-from-scratch/http-raw'

/** Counts the whole answers of one connection. */
export interface AnswerCount {
  /** Bytes of the client: the length of an answer depends on what was asked (RFC 9112 §6.3). */
  asked(bytes: Uint8Array): void
  answered(bytes: Uint8Array): void
  readonly count: number
  /** Whether nothing is under way: the next byte of the client begins a request, and no answer is owed. */
  readonly isIdle: boolean
}

const options = { transferCodings: [chunked] }

/** What cannot be read is not counted, nor is anything behind it. */
export function createAnswerCount(): AnswerCount {
  const unanswered: string[] = [] // methods
  let count = 0
  let request: ReturnType<typeof createRequestDecoder> | undefined
  let response: ReturnType<typeof createResponseDecoder> | undefined
  let isReadable = true

  function takeRequest(event: MessageEvent<RequestHead>): void {
    if (event.kind === 'head') unanswered.push(event.head.method)
    if (event.kind === 'end') request = undefined
  }

  function whileReadable(bytes: Uint8Array, push: (rest: Uint8Array) => number): void {
    try {
      for (let at = 0; at < bytes.length; ) at += push(bytes.subarray(at))
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      isReadable = false
    }
  }

  return {
    asked: (bytes) =>
      whileReadable(bytes, (rest) => {
        request ??= createRequestDecoder(options)
        return request.push(rest, takeRequest)
      }),
    answered: (bytes) =>
      whileReadable(bytes, (rest) => {
        response ??= createResponseDecoder(unanswered[0] ?? 'GET', options)
        return response.push(rest, (event) => {
          if (event.kind !== 'end') return
          count++
          unanswered.shift()
          response = undefined
        })
      }),
    get count() {
      return count
    },
    get isIdle() {
      return isReadable && request === undefined && response === undefined && unanswered.length === 0
    },
  }
}
