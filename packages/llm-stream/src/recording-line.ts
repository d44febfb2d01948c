import { countOf, type JsonObject, textOf } from './json.ts'
import type { RecordedDirection, RecordedRead } from './recorded-read.ts'

/** One entry as a line of a recording, its line end included. Times are kept to a thousandth of a millisecond. */
export function encodeRecordedRead(entry: RecordedRead): string {
  const { at, connection } = entry
  return `${JSON.stringify({ t: rounded(at), c: connection, ...membersOf(entry) })}\n`
}

function rounded<Time extends number | undefined>(time: Time): Time | number {
  return time === undefined ? time : Math.round(time * 1000) / 1000
}

function membersOf(entry: RecordedRead): JsonObject {
  switch (entry.kind) {
    case 'open':
      return { k: 'open', up: entry.address, tls: entry.tls, alpn: entry.alpn, ms: rounded(entry.took) }
    case 'bytes':
      return { k: entry.direction, ...content(entry.bytes) }
    case 'fin':
      return { k: 'fin', d: entry.direction }
    case 'reset':
      return { k: 'rst', d: entry.direction }
    case 'error':
      return { k: 'err', code: entry.code }
    case 'stall':
      return { k: 'stall', ms: entry.milliseconds }
    case 'gap':
      return { k: 'gap', d: entry.direction, n: entry.size }
    case 'wait':
      return { k: 'wait', d: entry.direction, ms: rounded(entry.milliseconds) }
  }
}

/** The entry in a line's JSON, `undefined` for a kind that is not known, or what is wrong with it. */
export function readLine({ t, c, k, ...rest }: JsonObject): RecordedRead | string | undefined {
  const at = countOf(t)
  const connection = countOf(c)
  if (at === undefined) return 'no time (t)'
  if (connection === undefined) return 'no connection (c)'
  const where = { at, connection }
  switch (k) {
    case 'open': {
      const took = countOf(rest['ms'])
      return {
        kind: 'open',
        ...where,
        ...text('address', rest['up']),
        ...text('tls', rest['tls']),
        ...text('alpn', rest['alpn']),
        ...(took !== undefined && { took }),
      }
    }
    case 'up':
    case 'down': {
      const bytes = contentIn(rest)
      return bytes ? { kind: 'bytes', ...where, direction: k, bytes } : 'no bytes (s or b64)'
    }
    case 'err':
      return { kind: 'error', ...where, code: textOf(rest['code']) }
    case 'stall':
      return { kind: 'stall', ...where, milliseconds: countOf(rest['ms']) ?? 0 }
    case 'fin':
    case 'rst':
    case 'wait':
    case 'gap': {
      const direction = directionIn(rest['d'])
      if (direction === undefined) return 'no direction (d)'
      if (k === 'gap') return { kind: 'gap', ...where, direction, size: countOf(rest['n']) ?? 0 }
      if (k === 'wait') return { kind: 'wait', ...where, direction, milliseconds: countOf(rest['ms']) ?? 0 }
      return { kind: k === 'fin' ? 'fin' : 'reset', ...where, direction }
    }
    default:
      return undefined
  }
}

function directionIn(d: unknown): RecordedDirection | undefined {
  return d === 'up' || d === 'down' ? d : undefined
}

function text<Name extends string>(name: Name, value: unknown): { readonly [key in Name]?: string } {
  return typeof value === 'string' ? ({ [name]: value } as { readonly [key in Name]?: string }) : {}
}

/** Text stays readable in the file; all else, and a read that cuts a character, is base64 (RFC 4648 §4). */
function content(bytes: Uint8Array): JsonObject {
  const s = printable(bytes)
  return s === undefined ? { b64: base64(bytes) } : { s }
}

function contentIn({ s, b64 }: JsonObject): Uint8Array | undefined {
  if (typeof s === 'string') return new TextEncoder().encode(s)
  return typeof b64 === 'string' ? fromBase64(b64) : undefined
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/

/** The bytes as text that becomes the same bytes again, or `undefined`. */
function printable(bytes: Uint8Array): string | undefined {
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return UNPRINTABLE.test(decoded) ? undefined : decoded
  } catch {
    return undefined
  }
}

/** Arguments that one call is sure to take. */
const PIECE = 8192

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += PIECE) binary += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  return btoa(binary)
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
