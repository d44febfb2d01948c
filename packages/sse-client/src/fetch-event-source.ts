import { defineEventSource } from './event-source-class.ts'
import type { EventSourceConstructor, EventSource as Interface } from './event-source-interface.ts'
import { fetchTransport } from './fetch-transport.ts'

/** The browser's EventSource (HTML §9.2.2), over fetch unless `transport` says otherwise: the same one everywhere. */
export interface EventSource extends Interface {}

/** The browser's EventSource (HTML §9.2.2), over fetch unless `transport` says otherwise: the same one everywhere. */
export const EventSource: EventSourceConstructor = /* @__PURE__ */ defineEventSource(() => fetchTransport())
