const HTAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20

/** Whitespace of JSON (RFC 8259 §2). */
export function isBlank(byte: number): boolean {
  return byte === SPACE || byte === HTAB || byte === LF || byte === CR
}

/** What may be in a number, `true`, `false` or `null`. That it makes sense is for whoever parses it. */
export const LITERAL: Uint8Array = tableOf(/[\w.+-]/)
export const FIRST_OF_LITERAL: Uint8Array = tableOf(/[-\dtfn]/)

/** Where a number, `true`, `false` or `null` stops, or the bytes do. */
export function endOfLiteral(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && LITERAL[bytes[at] as number] === 1) at++
  return at
}

function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0))
}
