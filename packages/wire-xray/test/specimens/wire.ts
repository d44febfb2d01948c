/** How bytes are written in a specimen; docs/specimens.md explains it to authors. */

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\' }
const ESCAPE = /\\(?:x([0-9a-f]{2})|(.?))/g

/**
 * The bytes that a wire block stands for. Line breaks of the block are for the reader and mean nothing; what is not
 * visible ASCII or a blank inside a line is written `\r \n \t \\ \xNN`.
 */
export function parseWire(text: string): Uint8Array {
  const stray = /[^\x20-\x7e\n]/.exec(text)?.[0]
  if (stray !== undefined) throw new SyntaxError(`write ${JSON.stringify(stray)} as \\xNN`)
  if (/ $/m.test(text)) throw new SyntaxError('write a blank at the end of a line as \\x20: nobody sees it')
  const bytes = text.replaceAll('\n', '').replaceAll(ESCAPE, (written, hex?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    const char = ESCAPES[letter ?? '']
    if (char === undefined) throw new SyntaxError(`${written} is no escape`)
    return char
  })
  return Buffer.from(bytes, 'latin1')
}

/** Bytes in the same notation, in double quotes. */
export function quote(bytes: Uint8Array): string {
  return quoteText(Buffer.from(bytes).toString('latin1'), /[^\x20-\x7e]/g)
}

/** Decoded text likewise: characters above ASCII stay as they are, unless nobody would see them. */
export function quoteText(text: string, unseen: RegExp = /[\p{C}\p{Z}\ufffd]/gu): string {
  const escaped = text.replaceAll(/["\\]/g, '\\$&').replaceAll(unseen, (char) => (char === ' ' ? char : escapeOf(char)))
  return `"${escaped}"`
}

function escapeOf(char: string): string {
  const letter = Object.keys(ESCAPES).find((name) => ESCAPES[name] === char)
  const code = char.codePointAt(0) ?? 0
  if (letter !== undefined) return `\\${letter}`
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
