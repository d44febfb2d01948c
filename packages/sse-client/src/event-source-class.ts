import { baseUrl } from './base-url.ts'
import { type Delivery, deliver, type EventSourceInit } from './delivery.ts'
import type { EventSourceErrorEvent } from './error-event.ts'
import { createEventHandlers, type EventHandler } from './event-handler.ts'
import type { EventSourceConstructor } from './event-source-interface.ts'
import type { Transport } from './transport.ts'

const CONSTANTS = { CONNECTING: 0, OPEN: 1, CLOSED: 2 } as const

/** The class, for whoever says what it connects with unless its user does. */
export function defineEventSource(defaultTransport: () => Transport): EventSourceConstructor {
  class EventSource extends EventTarget {
    declare static readonly CONNECTING: 0
    declare static readonly OPEN: 1
    declare static readonly CLOSED: 2
    declare readonly CONNECTING: 0
    declare readonly OPEN: 1
    declare readonly CLOSED: 2
    readonly #url: URL
    readonly #withCredentials: boolean
    readonly #handlers = createEventHandlers(this)
    readonly #delivery: Delivery

    constructor(url: string | URL, init: EventSourceInit | null = {}) {
      super()
      // biome-ignore lint/complexity/noArguments: an argument that is missing and one that is undefined are not the same
      if (arguments.length === 0) throw new TypeError('an EventSource needs a URL')
      const text = `${url}` // Web IDL converts each argument once, from left to right, and only then is anything parsed
      const { withCredentials, transport = defaultTransport(), ...rest } = dictionary(init)
      this.#withCredentials = Boolean(withCredentials)
      this.#url = parse(text)
      this.#delivery = deliver(this, this.#url, transport, { ...rest, withCredentials: this.#withCredentials })
    }

    get url(): string {
      return this.#url.href
    }

    get withCredentials(): boolean {
      return this.#withCredentials
    }

    get readyState(): 0 | 1 | 2 {
      return this.#delivery.readyState
    }

    get onopen(): EventHandler<Event> {
      return this.#handlers.get('open')
    }
    set onopen(handler: EventHandler<Event>) {
      this.#handlers.set('open', handler)
    }

    get onmessage(): EventHandler<MessageEvent> {
      return this.#handlers.get('message') as EventHandler<MessageEvent>
    }
    set onmessage(handler: EventHandler<MessageEvent>) {
      this.#handlers.set('message', handler)
    }

    get onerror(): EventHandler<EventSourceErrorEvent> {
      return this.#handlers.get('error') as EventHandler<EventSourceErrorEvent>
    }
    set onerror(handler: EventHandler<EventSourceErrorEvent>) {
      this.#handlers.set('error', handler)
    }

    close(): void {
      this.#delivery.close()
    }
  }
  describeAsWebIdl(EventSource)
  return EventSource as EventSourceConstructor
}

/** Constants on both, members that a loop finds, and the tag (Web IDL §3.7). */
function describeAsWebIdl(Class: { readonly prototype: object }): void {
  const visible = { enumerable: true }
  for (const target of [Class, Class.prototype]) {
    for (const [name, value] of Object.entries(CONSTANTS)) Object.defineProperty(target, name, { ...visible, value })
  }
  for (const name of ['url', 'withCredentials', 'readyState', 'onopen', 'onmessage', 'onerror', 'close']) {
    Object.defineProperty(Class.prototype, name, visible)
  }
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: 'EventSource', configurable: true })
}

/** Web IDL, dictionary types: one is an object, and `undefined` and `null` are an empty one. */
function dictionary(init: EventSourceInit | null): EventSourceInit {
  if (init === null) return {}
  if (typeof init !== 'object' && typeof init !== 'function')
    throw new TypeError('the init of an EventSource is an object')
  return init
}

function parse(text: string): URL {
  const base = baseUrl()
  if (URL.canParse(text, base)) return new URL(text, base)
  throw new DOMException('the URL of an EventSource must parse', 'SyntaxError')
}
