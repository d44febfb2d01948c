import { openEventStream } from '@sse-from-scratch/sse-client'
import type { WithIdleTimeout } from './contract.ts'

const EVENT = new TextEncoder().encode('data\n\n')

/** Each item travels as an event, through a client that has an idle timeout, and the clock of the machine. */
export const withIdleTimeout: WithIdleTimeout = async function* <T>(source: AsyncIterable<T>, ms: number) {
  const items: T[] = []
  const iterator = source[Symbol.asyncIterator]()
  const body: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const { done, value } = await iterator.next()
      if (done) return { done, value: undefined }
      items.push(value)
      return { done: false, value: EVENT }
    },
    async return() {
      await iterator.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => body,
  }
  const transport = async () => ({ status: 200, contentType: 'text/event-stream', body })
  try {
    const options = { idleTimeout: ms, reconnect: () => false as const }
    for await (const _ of openEventStream('http://localhost/', transport, options)) yield items.shift() as T
  } catch (error) {
    const { cause } = error as Error & { cause: Error & { code?: string } }
    throw cause.code === 'SSE_IDLE_TIMEOUT' ? Object.assign(new Error(cause.message), { code: 'IDLE' }) : cause
  }
}
