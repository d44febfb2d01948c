import { createSecretMask } from '@sse-from-scratch/llm-stream'
import { createRedactor, createXray, type Span } from '@sse-from-scratch/wire-xray'
import type { Leg, Run } from './run.ts'

/** How many bytes, of which layer, of which element. Stretches follow each other without gaps. */
export type Stretch = readonly [length: number, layer: Span['layer'], element: string]

/** Bytes that crossed one socket at one time, each stretch of them named by the element it belongs to. */
export interface WireEvent {
  readonly leg: Leg
  /** Which connection of this leg, counted from 1. */
  readonly line: number
  /** Milliseconds since the run began. */
  readonly at: number
  /** The bytes themselves, in base64: an event stream carries text. */
  readonly bytes: string
  readonly spans: readonly Stretch[]
}

export interface WireRecorder {
  /** Takes bytes of the response in the order they cross the socket. What has crossed in one tick is told as one event. */
  take(bytes: Uint8Array): void
  /** Tells what was taken so far, now. */
  flush(): void
}

export interface WireRecorderOptions {
  readonly leg: Leg
  readonly line: number
  /** Whose log is told: one event `bytes` for all that crossed in one tick. */
  readonly run: Run
  /** Never told, even if the peer sends them; cookies and credentials in fields are hidden by themselves. */
  readonly secrets?: readonly string[]
}

/** Names the bytes of the responses of one connection with the x-ray and tells a log about them. */
export function createWireRecorder({ leg, line, run, secrets = [] }: WireRecorderOptions): WireRecorder {
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {},
  )
  const mask = createSecretMask(secrets)
  const redact = createRedactor()
  let parts: Uint8Array[] = []
  let at = 0

  function flush(): void {
    const bytes = Buffer.concat(parts)
    parts = []
    if (bytes.length === 0) return
    xray.push('down', bytes)
    const named = spans.splice(0)
    const event: WireEvent = {
      leg,
      line,
      at,
      bytes: Buffer.from(redact(bytes, named)).toString('base64'),
      spans: named.map((span) => [span.end - span.start, span.layer, span.element]),
    }
    if (!run.bytes.finished) run.bytes.append('bytes', event)
  }

  return {
    take(bytes) {
      if (parts.length === 0) {
        at = run.elapsed()
        setImmediate(flush)
      }
      parts.push(mask(bytes)) // a copy: a view is valid now only
    },
    flush,
  }
}
