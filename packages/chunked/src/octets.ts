// The bytes that the grammar knows by name (RFC 5234 appendix B.1), and two kinds of them.

export const HTAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SP = 0x20
export const DQUOTE = 0x22
export const SEMICOLON = 0x3b
export const EQUALS = 0x3d
export const BACKSLASH = 0x5c
const DEL = 0x7f

/** Part of BWS: "bad" whitespace (RFC 9110 §5.6.3). */
export function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB
}

/** What may stand inside quotes (RFC 9110 §5.6.4): visible, blank or obs-text. No CR, LF, NUL or other control. */
export function isText(byte: number): boolean {
  return byte === HTAB || (byte >= SP && byte !== DEL)
}

const TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** `tchar` (RFC 9110 §5.6.2). */
export function isTokenByte(byte: number): boolean {
  return TOKEN.includes(String.fromCharCode(byte))
}
