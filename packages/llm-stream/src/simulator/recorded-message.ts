import { chunked } from '@sse-from-scratch/chunked'
import { createRequestDecoder, createResponseDecoder, HttpError, type RequestHead } from '@sse-from-scratch/http-raw'
import type { RecordedReply } from './recorded-exchange.ts'

/** Reads a request as far as to know what was asked, and when it was whole. */
export function readRequest(): {
  push(bytes: Uint8Array): void
  readonly whole: boolean
  readonly asked: string
  readonly method: string
} {
  const decoder = createRequestDecoder({ transferCodings: [chunked] })
  let head: RequestHead | undefined
  let whole = false
  return {
    push(bytes) {
      try {
        decoder.push(bytes, (event) => {
          if (event.kind === 'head') head = event.head
          if (event.kind === 'end') whole = true
        })
      } catch (error) {
        if (!(error instanceof HttpError)) throw error
        whole = true // whatever it is, nobody can tell where it ends
      }
    },
    get whole() {
      return whole
    },
    get asked() {
      return head ? `${head.method} ${head.target}` : ''
    },
    get method() {
      return head?.method ?? 'GET'
    },
  }
}

/** Whether an answer to this method is all there. */
export function isWhole(replies: readonly RecordedReply[], method: string): boolean {
  const decoder = createResponseDecoder(method, { transferCodings: [chunked] })
  let whole = false
  try {
    for (const { bytes } of replies) {
      decoder.push(bytes, (event) => {
        whole ||= event.kind === 'end'
      })
    }
  } catch {
    return false
  }
  return whole
}
