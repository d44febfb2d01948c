import type { TransportResponse } from '@sse-from-scratch/sse-client'

/** A response body, one read at a time. */
export interface BodyReader {
  /** The next bytes, or `null` at the end. */
  read(): Promise<Uint8Array | null>
  /** Nobody wants the rest. Never rejects, and waits for nothing. */
  cancel(): void
}

export function createBodyReader(body: TransportResponse['body']): BodyReader {
  if (body === null) return { read: async () => null, cancel: () => {} }
  if (Symbol.asyncIterator in body) {
    const iterator = body[Symbol.asyncIterator]()
    return {
      async read() {
        const { done, value } = await iterator.next()
        return done ? null : value
      },
      cancel: () => void iterator.return?.().then(undefined, () => {}),
    }
  }
  const reader = (body as ReadableStream<Uint8Array>).getReader() // Safari cannot iterate a ReadableStream
  return {
    async read() {
      const { done, value } = await reader.read()
      return done ? null : value
    },
    cancel: () => void reader.cancel().catch(() => {}),
  }
}
