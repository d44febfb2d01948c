import { EventSourceErrorEvent } from './error-event.ts'
import { openEventStream, type ReadyState } from './event-stream.ts'
import { rawTransport } from './raw.ts'
import type { ReconnectPolicy } from './reconnect.ts'
import type { Transport } from './transport.ts'

/** What an EventSource can be told (HTML §9.2.2), and what the standard's cannot. */
export interface EventSourceInit {
  readonly withCredentials?: boolean
  /** Not in the standard: what to connect with. Default: {@link rawTransport}. */
  readonly transport?: Transport
  /** Not in the standard: what to send along. */
  readonly headers?: Readonly<Record<string, string>>
  /** Not in the standard: when to come back. Default: after the reconnection time, as in a browser. */
  readonly reconnect?: ReconnectPolicy
}

/** One stream on its way to the listeners of an EventSource. */
export interface Delivery {
  readonly readyState: 0 | 1 | 2
  /** Ends the connection; nothing is delivered after this, not even what has arrived. */
  close(): void
}

const READY_STATE = { connecting: 0, open: 1, closed: 2 } as const

/** A 503 is final for an EventSource, whatever it says about later. */
const atReconnectionTime: ReconnectPolicy = (state) => state.retryAfter === undefined && state.reconnectionTime

/**
 * The processing model of an EventSource (HTML §9.2.3): connects at once, and fires at `target` what becomes of it.
 *
 * @throws TypeError for headers that cannot be sent
 */
export function deliver(target: EventTarget, url: URL, init: EventSourceInit): Delivery {
  const { transport = rawTransport(), headers = {}, reconnect = atReconnectionTime } = init
  const withCredentials = Boolean(init.withCredentials)
  const over = new AbortController()
  let { origin } = url
  let readyState: 0 | 1 | 2 = READY_STATE.connecting

  const connect: Transport = async (request) => {
    const response = await transport({ ...request, withCredentials })
    origin = (response.url ?? request.url).origin // "the event stream's final URL (i.e., the URL after redirects)"
    return response
  }

  /** Announces, reestablishes or fails the connection. After close() there is nothing to tell. */
  function onStateChange(state: ReadyState, error?: unknown): void {
    if (readyState === READY_STATE.closed) return
    readyState = READY_STATE[state]
    target.dispatchEvent(state === 'open' ? new Event('open') : new EventSourceErrorEvent(error))
  }

  const events = openEventStream(url, connect, { headers, reconnect, onStateChange, signal: over.signal })

  async function fireAll(): Promise<void> {
    try {
      for await (const { type, data, lastEventId } of events) {
        target.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin }))
      }
    } catch {
      // It has been told as an error event.
    }
  }

  void fireAll()
  return {
    get readyState() {
      return readyState
    },
    close() {
      readyState = READY_STATE.closed
      over.abort()
    },
  }
}
