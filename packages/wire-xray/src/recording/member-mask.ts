/** Hides the values of some JSON members in one direction, wherever they are, and wherever they were cut. */
export interface MemberMask {
  /** Another message begins. */
  begin(): void
  /** In place, the next bytes of its content. */
  hide(content: Uint8Array): void
}

const [HTAB, LF, CR, SPACE, QUOTE, BACKSLASH, STAR, COLON] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x5c, 0x2a, 0x3a]
const [ZERO, NINE, MINUS, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [48, 57, 45, 0x5b, 0x5d, 0x7b, 0x7d]

/** Longer names are none of ours. */
const LONGEST_NAME = 256

/**
 * Where in the text we are: outside of strings, in one, or behind one that is the name of a member if a colon follows;
 * `value` is behind the colon of a member that is to be hidden.
 */
type Place = 'outside' | 'string' | 'behind-string' | 'value'

/**
 * Puts stars for the text in the values of members of these names, and zeros for digits: what is JSON stays JSON
 * (RFC 8259), in an event stream, too. Who wrote what is no JSON is not asked: strings and colons are all that is looked at.
 *
 * From the first byte on that no text has, a message is stars: it is compressed, and what is in it nobody can say here.
 */
export function createMemberMask(names: readonly string[]): MemberMask {
  const hidden = new Set(names.map((name) => latin1Of(name)))
  let place: Place = 'outside'
  let escaped = false
  let name = '' // of the string we are in, or were in last
  let depth = 0 // of arrays and objects inside of what is hidden; 0 where nothing is
  let only = false // the string we are in is all that is hidden
  let isText = true

  function inString(byte: number): number {
    if (byte === LF || (byte === QUOTE && !escaped)) {
      place = only ? 'outside' : 'behind-string'
      only = false
      escaped = false
      return byte
    }
    if (name.length <= LONGEST_NAME) name += String.fromCharCode(byte)
    const isHidden = only || depth > 0
    escaped = byte === BACKSLASH && !escaped
    return isHidden ? STAR : byte
  }

  function openString(isAll: boolean): void {
    place = 'string'
    only = isAll
    name = ''
  }

  function outside(byte: number): number {
    if (byte === QUOTE) openString(false)
    else if (depth > 0 && (byte === OPEN_ARRAY || byte === OPEN_OBJECT)) depth++
    else if (depth > 0 && (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) depth--
    return depth > 0 && byte >= ZERO && byte <= NINE ? ZERO : byte
  }

  function behindString(byte: number): number {
    if (isBlank(byte)) return byte
    place = byte === COLON && depth === 0 && hidden.has(name) ? 'value' : 'outside'
    return byte === COLON ? byte : outside(byte)
  }

  function value(byte: number): number {
    if (isBlank(byte) || byte === MINUS) return byte
    if (byte >= ZERO && byte <= NINE) return ZERO
    if (byte === QUOTE) openString(true)
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth = 1
      place = 'outside'
    } else if (!isInLiteral(byte)) return leaveValue(byte)
    return byte
  }

  function leaveValue(byte: number): number {
    place = 'outside'
    return outside(byte)
  }

  const AT: Readonly<Record<Place, (byte: number) => number>> = {
    outside,
    string: inString,
    'behind-string': behindString,
    value,
  }

  return {
    begin() {
      place = 'outside'
      escaped = false
      depth = 0
      only = false
      isText = true
    },
    hide(content) {
      for (let at = 0; at < content.length; at++) {
        const byte = content[at] as number
        isText &&= byte >= SPACE || isBlank(byte)
        content[at] = isText ? AT[place](byte) : STAR
      }
    },
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === HTAB || byte === LF || byte === CR
}

/** What goes on in a number, `true`, `false` or `null`. */
function isInLiteral(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte === 0x2e || byte === 0x2b || byte === 0x45
}

/** A character for each byte of it in UTF-8. */
function latin1Of(name: string): string {
  return String.fromCharCode(...new TextEncoder().encode(name))
}
