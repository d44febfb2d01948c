/** How many bytes a text has in UTF-8, without making them. A half of a surrogate pair counts as U+FFFD does. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    length += code < 0x800 ? 1 : 2
    if (isPair(code, text.charCodeAt(at + 1))) at++ // two units, four bytes
  }
  return length
}

function isPair(high: number, low: number): boolean {
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff
}
