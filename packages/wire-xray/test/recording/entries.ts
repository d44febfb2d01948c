import type { RecordedRead, Recording } from '@sse-from-scratch/wire-xray/recording'

/** A byte a character. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

export function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

export type Line =
  | readonly ['up' | 'down', string, number?]
  | readonly ['fin' | 'reset', 'up' | 'down', number?]
  | RecordedRead

/** A recording of one connection: its lines at the time they have, else a millisecond after the one before. */
export function recorded(...lines: readonly Line[]): Recording {
  let at = 0
  const entries = lines.map((line): RecordedRead => {
    if ('kind' in line) return line
    const [what, how, time] = line
    at = time ?? at + 1
    const here = { at, connection: 1 }
    if (what === 'up' || what === 'down') return { kind: 'bytes', ...here, direction: what, bytes: bytes(how) }
    return { kind: what, ...here, direction: how as 'up' | 'down' }
  })
  const head = { startedAt: '2026-11-20T10:00:00.000Z', target: 'http://example.test', redacted: ['authorization'] }
  return { head, entries, cut: false }
}

/** What was carried, without its times. */
export function carried(entries: readonly RecordedRead[]): readonly string[] {
  return entries.map((entry) => {
    if (entry.kind === 'bytes') return `${entry.direction} ${text(entry.bytes)}`
    return 'direction' in entry ? `${entry.kind} ${entry.direction}` : entry.kind
  })
}
