import type { TransportResponse } from '@sse-from-scratch/sse-client/fetch'

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

/** Milliseconds a response may go on after its answer's end mark. */
const DRAIN = 250

/** Reads what is left and throws it away, for a moment only: then `close` has to end it. */
export async function drain(reader: BodyReader | undefined, close: () => void): Promise<void> {
  const timer = setTimeout(close, DRAIN)
  try {
    while (reader && (await reader.read()) !== null);
  } catch {
    // It broke after its answer, or we closed it: nobody's loss.
  } finally {
    clearTimeout(timer)
  }
}
