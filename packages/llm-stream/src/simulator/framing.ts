import { encodeComment, encodeEvent, type OutgoingEvent } from '@sse-from-scratch/sse-server'
import type { Frame } from './wire-format.ts'

const utf8 = new TextEncoder()

/** One event of an event stream (HTML §9.2.5). */
export function eventFrame(event: OutgoingEvent, more: Partial<Frame> = {}): Frame {
  return { bytes: encodeEvent(event).bytes, holdsToken: false, ...more }
}

/** Text as it is. */
export function textFrame(text: string, more: Partial<Frame> = {}): Frame {
  return { bytes: utf8.encode(text), holdsToken: false, ...more }
}

/** What an event stream is kept alive with. */
export const COMMENT: Uint8Array = encodeComment('keep-alive').bytes
