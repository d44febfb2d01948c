/** What a byte may be part of, as in {@link TOKEN} and the other patterns of the grammar, but asked of a table. */
const TCHAR = 1
const VALUE = 2
const TARGET = 4

/** The kinds of byte that a scan can run over. */
export type ByteClass = typeof TCHAR | typeof VALUE | typeof TARGET

/** `tchar` (RFC 9110 §5.6.2). */
export const TOKEN_BYTE: ByteClass = TCHAR
/** What `field-value` is made of (RFC 9110 §5.5), blanks included. */
export const VALUE_BYTE: ByteClass = VALUE
/** What we read in a request-target: visible ASCII without `#`, and bytes above ASCII. */
export const TARGET_BYTE: ByteClass = TARGET

const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte)
  return (
    (/[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(text) ? TCHAR : 0) |
    (/[\t\x20-\x7e\x80-\xff]/.test(text) ? VALUE : 0) |
    (/[\x21\x22\x24-\x7e\x80-\xff]/.test(text) ? TARGET : 0)
  )
})

/** Where the run of such bytes that begins at `from` ends. */
export function endOfRun(bytes: Uint8Array, from: number, kind: ByteClass): number {
  const { length } = bytes
  for (let at = from; at < length; at++) {
    if (((classes[bytes[at] as number] as number) & kind) === 0) return at
  }
  return length
}
