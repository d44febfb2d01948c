import type { EventSourceInit } from './delivery.ts'
import type { EventSourceErrorEvent } from './error-event.ts'
import type { EventHandler, Listener } from './event-handler.ts'

export type { EventSourceInit } from './delivery.ts'

/**
 * The browser's EventSource (HTML §9.2.2), on the stack below it.
 *
 * Fires `open`, `message` and whatever types the server names, and `error`, here with a `code` and a `message`:
 * see {@link EventSourceErrorEvent}. What a listener throws goes where the platform's EventTarget takes it (in Node
 * `uncaughtException`, in a browser window.onerror), and the stream goes on.
 */
export interface EventSource extends EventTarget {
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSED: 2
  readonly url: string
  readonly withCredentials: boolean
  readonly readyState: 0 | 1 | 2
  onopen: EventHandler<Event>
  onmessage: EventHandler<MessageEvent>
  onerror: EventHandler<EventSourceErrorEvent>
  /** Ends the connection; nothing is delivered after this, not even what has arrived. */
  close(): void
  addEventListener(type: 'open', listener: Listener<Event>, options?: ListenOptions): void
  addEventListener(type: 'error', listener: Listener<EventSourceErrorEvent>, options?: ListenOptions): void
  addEventListener(type: string, listener: Listener<MessageEvent>, options?: ListenOptions): void
  addEventListener(type: string, listener: Listener<never>, options?: ListenOptions): void
  removeEventListener(type: string, listener: Listener<never>, options?: UnlistenOptions): void
}

type ListenOptions = Parameters<EventTarget['addEventListener']>[2]
type UnlistenOptions = Parameters<EventTarget['removeEventListener']>[2]

/** What makes one. */
export interface EventSourceConstructor {
  /**
   * @throws DOMException SyntaxError, for a URL that does not parse; one without a scheme is relative to the page or
   * the worker that this runs in, and where there is none, as in Node, it never parses
   * @throws TypeError for an `init` that is no object, and for a method, header or body that cannot be sent
   * @throws RangeError for a limit that cannot be
   */
  new (url: string | URL, init?: EventSourceInit | null): EventSource
  readonly prototype: EventSource
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSED: 2
}
