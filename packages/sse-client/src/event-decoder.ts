import type { Decoder } from '@sse-from-scratch/tcp-echo'
import type { EventStreamItem } from './event.ts'

/** Where a decoder starts, and how large an event may get. */
export interface EventDecoderOptions {
  /** The last event ID to start from: it outlives the connection. Default: none. */
  readonly lastEventId?: string
  /**
   * Bytes one event may take: its data, type and id so far, and the line being received. One more is
   * `SSE_EVENT_TOO_LARGE`. Default: 16 MiB; at most what a string can hold, 512 MiB.
   */
  readonly maxEventSize?: number
}

/**
 * `push` throws `SSE_EVENT_TOO_LARGE` and what `emit` throws: every other byte means something or is ignored. What is no
 * Uint8Array is a TypeError, and changes nothing.
 */
export interface EventDecoder extends Decoder<EventStreamItem, 'line' | 'after-cr'> {
  /** Set by every dispatch, even one that had no data to deliver. */
  readonly lastEventId: string
}
