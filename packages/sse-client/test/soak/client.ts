import { setTimeout } from 'node:timers/promises'
import { openEventStream } from '@sse-from-scratch/sse-client'
import { rawTransport } from '@sse-from-scratch/sse-client/raw'

/** What one client has heard. */
export interface SoakClient {
  /** The last id, which is also how many events that should be. */
  readonly heard: number
  /** Resolves when it has heard event `last`, or when it was stopped. Rejects with the first event out of turn. */
  readonly done: Promise<void>
}

export interface ClientCounts {
  opened: number
  delivered: number
}

export interface ClientOptions {
  /** Milliseconds before the first connection: a thousand at once would only wait for each other. */
  readonly delay: number
  /** The id of the event after which it has heard all. */
  readonly last: () => number
  readonly idleTimeout: number
  /** Milliseconds before the next connection: at least so many, and more if it fails again. */
  readonly retry: number
  readonly counts: ClientCounts
  readonly signal: AbortSignal
}

/** Listens from event 1 on, and insists on hearing every one once and in order. */
export function startClient(
  url: string,
  { delay, last, idleTimeout, retry, counts, signal }: ClientOptions,
): SoakClient {
  let heard = 0
  async function listen(): Promise<void> {
    await setTimeout(delay, undefined, { signal })
    const stream = openEventStream(url, rawTransport(), {
      lastEventId: '0',
      idleTimeout,
      reconnect: ({ attempt }) => retry * (1 + Math.random()) * 2 ** Math.min(attempt, 3),
      onStateChange: (state) => {
        if (state === 'open') counts.opened++
      },
      signal,
    })
    for await (const { lastEventId, data } of stream) {
      const id = Number(lastEventId)
      if (id !== heard + 1) throw new Error(`event ${id} came after event ${heard}`)
      if (!data.startsWith(`${id} `) || !data.endsWith(` ${id}`)) throw new Error(`event ${id} is damaged: ${data}`)
      heard = id
      counts.delivered++
      if (heard >= last()) return
    }
    throw new Error(`the stream ended after event ${heard}`)
  }
  return {
    get heard() {
      return heard
    },
    done: listen().catch((error: unknown) => {
      if (!signal.aborted) throw error
    }),
  }
}
