import type { Span } from './span.ts'

const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
])

/** Query parameters that are credentials: `?key=…` is how one provider takes its keys. */
const QUERY_SECRET = /([?&](?:key|api[-_]?key|access[-_]token|token|sig|signature)=)([^&#]*)/gi

const STAR = 42

/** A copy with credentials replaced by as many stars, so that every offset stays true. */
export function redact(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  const redacted = new Uint8Array(bytes)
  let name = ''
  for (const { layer, element, start, end } of spans) {
    if (layer !== 'http' && layer !== 'chunked') continue
    if (element === 'field-name') name = ascii(bytes.subarray(start, end)).toLowerCase()
    if (element === 'field-value' && CREDENTIALS.has(name)) redacted.fill(STAR, start, end)
    if (element === 'request-target') {
      for (const match of ascii(bytes.subarray(start, end)).matchAll(QUERY_SECRET)) {
        const secret = start + match.index + (match[1] as string).length
        redacted.fill(STAR, secret, secret + (match[2] as string).length)
      }
    }
  }
  return redacted
}

/** One character per byte, so that offsets in the text are offsets in the bytes. */
function ascii(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}
