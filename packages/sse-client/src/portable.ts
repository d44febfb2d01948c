export {
  createEventDecoder,
  DEFAULT_MAX_EVENT_SIZE,
  type EventDecoder,
  type EventDecoderOptions,
  type EventStreamItem,
  type ServerSentEvent,
  SseError,
  type SseErrorCode,
  type SseErrorOptions,
} from './decoder.ts'
export { EventSourceErrorEvent } from './error-event.ts'
export type { EventHandler } from './event-handler.ts'
export type { EventSourceConstructor, EventSourceInit } from './event-source-interface.ts'
export { type EventStreamOptions, openEventStream, type ReadyState } from './event-stream.ts'
export { fetchTransport } from './fetch-transport.ts'
export { type ByteSource, type EventStreamSource, type ReadEventsOptions, readEvents } from './read.ts'
export { exponentialBackoff, type ReconnectPolicy, type ReconnectState } from './reconnect.ts'
export { EventDecoderStream } from './stream.ts'
export type { Transport, TransportRequest, TransportResponse } from './transport.ts'
