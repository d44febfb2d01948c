import { createXray, type Span } from '@sse-from-scratch/wire-xray'
import { createCookieMask } from './cookie-mask.ts'
import type { EventLog } from './log.ts'

/** Which response the bytes belong to: ours to the browser, or the model's to us. */
export type Leg = 'browser' | 'model'

/** How many bytes, of which layer, of which element. Stretches follow each other without gaps. */
export type Stretch = readonly [length: number, layer: Span['layer'], element: string]

/** Bytes that crossed one socket at one time, each stretch of them named by the element it belongs to. */
export interface WireEvent {
  readonly leg: Leg
  /** Milliseconds since the run began. */
  readonly at: number
  /** The bytes themselves, in base64: an event stream carries text. */
  readonly bytes: string
  readonly spans: readonly Stretch[]
}

export interface WireRecorder {
  /** Takes bytes of the response in the order they cross the socket. */
  take(bytes: Uint8Array): void
  /** Labels and logs what was taken so far. Called by itself once per tick. */
  flush(): void
}

/** Labels one HTTP response with the x-ray and tells `log` about it: one event for all that crossed in one tick. */
export function createWireRecorder(leg: Leg, log: EventLog, start: number): WireRecorder {
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {},
  )
  const hideCookies = createCookieMask()
  let parts: Uint8Array[] = []
  let at = 0

  function flush(): void {
    if (parts.length === 0) return
    const bytes = Buffer.concat(parts)
    parts = []
    xray.push('down', bytes)
    const labels = spans.splice(0).map((span) => [span.end - span.start, span.layer, span.element] as const)
    hideCookies(bytes, labels)
    log.append('bytes', { leg, at, bytes: bytes.toString('base64'), spans: labels } satisfies WireEvent)
  }

  return {
    take(bytes) {
      if (parts.length === 0) {
        at = Math.round((performance.now() - start) * 10) / 10
        setImmediate(flush)
      }
      parts.push(Uint8Array.from(bytes)) // a view is valid now only
    },
    flush,
  }
}
