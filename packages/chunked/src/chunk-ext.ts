import { badSize } from './chunk-size.ts'
import { ChunkedError } from './errors.ts'
import { BACKSLASH, CR, DQUOTE, EQUALS, isBlank, isText, isTokenByte, LF, SEMICOLON } from './octets.ts'
import type { Overhead } from './overhead.ts'

/**
 * What may stand between a chunk-size and its CRLF (RFC 9112 §7.1.1):
 *
 *     chunk-ext      = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
 *     chunk-ext-name = token
 *     chunk-ext-val  = token / quoted-string
 *     BWS            = *( SP / HTAB )        "bad" whitespace: never sent, always understood
 *
 * In the wild it looks like `5;signature="abc"`. A recipient MUST ignore extensions it does not know, and we know
 * none. But we do not skip blindly to the next line: if a proxy in front of us thought that the line ends elsewhere,
 * it would see other chunks than we do, and somebody could smuggle a request through that gap.
 */
type ExtensionState =
  | 'first-semicolon'
  | 'semicolon'
  | 'name-start'
  | 'name'
  | 'equals'
  | 'value-start'
  | 'token'
  | 'quoted-string'
  | 'quoted-pair'
  | 'quoted-string-end'

/** Where a byte leads: on, to the end of the line, or nowhere. */
type Next = ExtensionState | 'cr' | 'refused'

export interface ExtensionReader {
  /** Takes one byte of the line after the chunk-size; true when it was the CR that ends the line. */
  push(byte: number): boolean
}

/** Checks the extensions of one chunk after the other, counts them and drops them. */
export function createExtensionReader(overhead: Overhead): ExtensionReader {
  let state: ExtensionState = 'first-semicolon'
  return {
    push(byte) {
      const next = steps[state](byte)
      if (next === 'refused') throw refused(state, byte)
      const done = next === 'cr'
      state = done ? 'first-semicolon' : next
      if (!done) overhead.add()
      return done
    },
  }
}

const steps: Readonly<Record<ExtensionState, (byte: number) => Next>> = {
  'first-semicolon': (byte) => (isBlank(byte) ? 'first-semicolon' : beforeExtension(byte)),
  semicolon: (byte) => (isBlank(byte) ? 'semicolon' : beforeExtension(byte)),
  'name-start': (byte) => (isBlank(byte) ? 'name-start' : isTokenByte(byte) ? 'name' : 'refused'),
  name: (byte) => (isTokenByte(byte) ? 'name' : byte === CR ? 'cr' : afterName(byte)),
  equals: afterName,
  'value-start': (byte) => (isBlank(byte) ? 'value-start' : beforeValue(byte)),
  token: (byte) => (isTokenByte(byte) ? 'token' : afterValue(byte)),
  'quoted-string': insideQuotes,
  'quoted-pair': (byte) => (isText(byte) ? 'quoted-string' : 'refused'),
  'quoted-string-end': afterValue,
}

function beforeExtension(byte: number): Next {
  return byte === SEMICOLON ? 'name-start' : 'refused'
}

/** A blank does not end the line: it must still lead to a value or to another extension. */
function afterName(byte: number): Next {
  if (isBlank(byte)) return 'equals'
  return byte === EQUALS ? 'value-start' : beforeExtension(byte)
}

function beforeValue(byte: number): Next {
  if (byte === DQUOTE) return 'quoted-string'
  return isTokenByte(byte) ? 'token' : 'refused'
}

function insideQuotes(byte: number): Next {
  if (byte === DQUOTE) return 'quoted-string-end'
  if (byte === BACKSLASH) return 'quoted-pair'
  return isText(byte) ? 'quoted-string' : 'refused'
}

function afterValue(byte: number): Next {
  if (isBlank(byte)) return 'semicolon'
  return byte === CR ? 'cr' : beforeExtension(byte)
}

function refused(state: ExtensionState, byte: number): ChunkedError {
  if (byte === LF) return new ChunkedError('CHUNKED_BAD_DELIMITER', 'LF without CR after a chunk extension')
  if (state === 'first-semicolon') return badSize(`chunk-size followed by a blank and byte ${byte}`)
  return new ChunkedError('CHUNKED_BAD_EXTENSION', `byte ${byte} in a chunk extension, at ${state}`)
}
