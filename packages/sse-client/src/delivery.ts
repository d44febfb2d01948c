import { EventSourceErrorEvent } from './error-event.ts'
import { SseError } from './errors.ts'
import { type EventStreamOptions, openEventStream, type ReadyState } from './event-stream.ts'
import { onAbort } from './on-abort.ts'
import { LEAST_BACKOFF, type ReconnectPolicy } from './reconnect.ts'
import type { Transport } from './transport.ts'

/**
 * What an EventSource can be told (HTML §9.2.2): `withCredentials`. The rest is not in the standard.
 *
 * `reconnect` is by default what a browser does, to come back after the reconnection time, and not within a second of
 * a connection that could not be made; and never, for another method than GET.
 */
export interface EventSourceInit extends Omit<EventStreamOptions, 'onStateChange'> {
  readonly withCredentials?: boolean
  /** What to connect with. Default: `rawTransport()`, and `fetchTransport()` where the class comes from `./fetch`. */
  readonly transport?: Transport
  /** When it aborts, that is a `close()`. */
  readonly signal?: AbortSignal
}

/** One stream on its way to the listeners of an EventSource. */
export interface Delivery {
  readonly readyState: 0 | 1 | 2
  /** Ends the connection; nothing is delivered after this, not even what has arrived. */
  close(): void
}

const READY_STATE = { connecting: 0, open: 1, closed: 2 } as const

/**
 * As in a browser, where every status is final, whatever it says about later. A server that wishes to be asked again at
 * once, and cannot be reached, is left alone for a while: HTML §9.2.3, "optionally, wait some more".
 */
const atReconnectionTime: ReconnectPolicy = ({ attempt, error, reconnectionTime }) => {
  if (isAnswer(error)) return false
  return attempt === 0 ? reconnectionTime : Math.max(reconnectionTime, LEAST_BACKOFF)
}

const never: ReconnectPolicy = () => false

const isAnswer = (error: unknown): boolean => error instanceof SseError && error.code === 'SSE_BAD_STATUS'

/**
 * The processing model of an EventSource (HTML §9.2.3): connects at once, and fires at `target` what becomes of it.
 *
 * @throws TypeError for a method, header, id or body that cannot be sent
 * @throws RangeError for a limit that cannot be
 */
export function deliver(
  target: EventTarget,
  url: URL,
  transport: Transport,
  init: Omit<EventSourceInit, 'transport'>,
): Delivery {
  const { withCredentials = false, signal, ...options } = init
  const over = new AbortController()
  let { origin } = url
  let status: number | undefined
  let readyState: 0 | 1 | 2 = READY_STATE.connecting

  const connect: Transport = async (request) => {
    const response = await transport({ ...request, withCredentials })
    origin = (response.url ?? request.url).origin // "the event stream's final URL (i.e., the URL after redirects)"
    status = response.status
    return response
  }

  /** Announces, reestablishes or fails the connection. After close() there is nothing to tell. */
  function onStateChange(state: ReadyState, error?: unknown): void {
    if (readyState === READY_STATE.closed) return
    if (state === 'closed') forgetSignal()
    readyState = READY_STATE[state]
    if (state === 'open') target.dispatchEvent(new Event('open'))
    else target.dispatchEvent(new EventSourceErrorEvent(error ?? ended(status)))
  }

  function close(): void {
    forgetSignal()
    readyState = READY_STATE.closed
    over.abort()
  }

  const { method = 'GET', reconnect = method === 'GET' ? atReconnectionTime : never } = options
  const events = openEventStream(url, connect, { ...options, reconnect, onStateChange, signal: over.signal })

  async function fireAll(): Promise<void> {
    try {
      for await (const { type, data, lastEventId } of events) {
        target.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin }))
      }
    } catch {
      // It has been told as an error event.
    }
  }

  const forgetSignal = onAbort(signal, close)
  if (signal?.aborted) close()
  void fireAll()
  return {
    get readyState() {
      return readyState
    },
    close,
  }
}

/** The server has said that this is the end: of this connection, or of all (204). */
function ended(status: number | undefined): SseError {
  if (status !== 204) return new SseError('SSE_ENDED', 'the server ended the stream')
  return new SseError('SSE_ENDED', 'the server answered 204: there is no more to come', { status })
}
