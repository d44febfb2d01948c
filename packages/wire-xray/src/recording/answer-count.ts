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
}

const options = { transferCodings: [chunked] }

/** What cannot be read is not counted, nor is anything behind it. */
export function createAnswerCount(): AnswerCount {
  const methods: string[] = []
  let count = 0
  let request = createRequestDecoder(options)
  let response: ReturnType<typeof createResponseDecoder> | undefined

  function takeRequest(event: MessageEvent<RequestHead>): void {
    if (event.kind === 'head') methods.push(event.head.method)
    if (event.kind === 'end') request = createRequestDecoder(options)
  }

  return {
    asked: (bytes) =>
      whileReadable(bytes, (rest) => {
        return request.push(rest, takeRequest)
      }),
    answered: (bytes) =>
      whileReadable(bytes, (rest) => {
        response ??= createResponseDecoder(methods[count] ?? 'GET', options)
        return response.push(rest, (event) => {
          if (event.kind !== 'end') return
          count++
          response = undefined
        })
      }),
    get count() {
      return count
    },
  }
}

function whileReadable(bytes: Uint8Array, push: (rest: Uint8Array) => number): void {
  try {
    for (let at = 0; at < bytes.length; ) at += push(bytes.subarray(at))
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
  }
}
