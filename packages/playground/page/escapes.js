// Text of the wire as a reader can see it: what has no picture of its own becomes an escape.

/** Controls, invisible format characters (bidi controls, zero-width characters), line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** @type {Record<string, string>} */
const NAMED = { '\n': '\\n\n', '\r': '\\r', '\t': '\\t' }

/**
 * Invisible characters as their escapes; a line feed also breaks the line.
 *
 * @param {string} text
 */
export function visible(text) {
  return text.replace(INVISIBLE, (character) => NAMED[character] ?? escapeOf(character))
}

/** @param {string} character */
function escapeOf(character) {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`
}
