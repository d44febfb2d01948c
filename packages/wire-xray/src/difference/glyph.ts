/** The first character of a text of bytes, to be shown: in quotes, or by its name. */
export function glyph(text: string): string {
  const code = text.charCodeAt(0)
  if (Number.isNaN(code)) return 'the end'
  if (code > 0x20 && code < 0x7f) return `\`${text[0]}\``
  const name = { 13: 'CR', 10: 'LF', 9: 'HTAB', 32: 'a space' }[code]
  return name ?? `byte ${code.toString(16).padStart(2, '0').toUpperCase()}`
}
