/** Controls, line separators, and what turns the direction of text around: none of it is for a terminal or a log. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const PLAIN = /^[\x20-\x7e]*$/

/** Text from the wire on one line: control characters as pictures, long text cut and its length said. */
export function printable(text: string, length: number = 80): string {
  const cut = text.length > length ? text.slice(0, length) : text
  const safe = PLAIN.test(cut) ? cut : cut.replace(UNPRINTABLE, pictureOf)
  return cut === text ? safe : `${safe}… (${text.length} characters)`
}

/** ␍ for CR, ␊ for LF: the block of control pictures begins at U+2400. */
function pictureOf(char: string): string {
  const code = char.charCodeAt(0)
  if (code === 0x7f) return '␡'
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd'
}
