import { chunked } from '@sse-from-scratch/chunked'
import { createRequestDecoder, HttpError, type MessageEvent, type RequestHead } from '@sse-from-scratch/http-raw'
import { MAX_UNANSWERED } from '../conversation.ts'

/** What was asked on a connection: how long an answer is depends on it (RFC 9112 §6.3), and whose words it is in. */
export interface RequestLog {
  /** Bytes of the client. */
  push(bytes: Uint8Array): void
  /** For one reader of the answers: the next request, each once; `undefined` where none is known. */
  follow(): () => RequestHead | undefined
}

export function createRequestLog(): RequestLog {
  const followers: RequestHead[][] = []
  let decoder = nextRequest()
  let isHttp = true

  function take(event: MessageEvent<RequestHead>): void {
    if (event.kind !== 'head') return
    for (const waiting of followers) if (waiting.length < MAX_UNANSWERED) waiting.push(event.head)
  }

  return {
    push(bytes) {
      try {
        for (let at = 0; at < bytes.length && isHttp; ) {
          if (decoder.state === 'done') decoder = nextRequest()
          at += decoder.push(bytes.subarray(at), take)
        }
      } catch (error) {
        if (!(error instanceof HttpError)) throw error
        isHttp = false // the server will say what it thinks of it
      }
    },
    follow() {
      const waiting: RequestHead[] = []
      followers.push(waiting)
      return () => waiting.shift()
    },
  }
}

function nextRequest() {
  return createRequestDecoder({ transferCodings: [chunked] })
}
