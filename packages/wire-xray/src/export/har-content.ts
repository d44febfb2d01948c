import { latin1, type ResponseHead } from '@sse-from-scratch/http-raw'
import { createEventDecoder, SseError } from '@sse-from-scratch/sse-client/decoder'
import type { TimedPiece } from './exchange.ts'
import type { HarEventSourceMessage } from './har-format.ts'

export function isEventStream({ fields }: ResponseHead): boolean {
  return fields.get('content-type')?.split(';')[0]?.trim().toLowerCase() === 'text/event-stream'
}

/** The events in content, each with the time of the read that completed it. */
export function eventsIn(pieces: readonly TimedPiece[], start: number): readonly HarEventSourceMessage[] {
  const decoder = createEventDecoder()
  const messages: HarEventSourceMessage[] = []
  try {
    for (const { at, bytes } of pieces) {
      decoder.push(bytes, (item) => {
        if (item.kind !== 'event') return
        const { type, lastEventId, data } = item.event
        messages.push({ time: (start + at) / 1000, eventName: type, eventId: lastEventId, data })
      })
    }
  } catch (error) {
    if (!(error instanceof SseError)) throw error // an event too large: the rest is in the content
  }
  return messages
}

export function sizeOf(pieces: readonly TimedPiece[]): number {
  return pieces.reduce((size, { bytes }) => size + bytes.length, 0)
}

/** A character a byte. */
export function textOf(pieces: readonly TimedPiece[]): string {
  return pieces.map(({ bytes }) => latin1(bytes)).join('')
}

/** Content as text, if it is UTF-8. */
export function utf8Of(pieces: readonly TimedPiece[]): string | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return pieces.map(({ bytes }) => decoder.decode(bytes, { stream: true })).join('') + decoder.decode()
  } catch {
    return undefined
  }
}
