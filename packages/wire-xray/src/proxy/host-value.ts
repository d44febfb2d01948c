const HTAB = 9
const LF = 10
const CR = 13
const SP = 32
const COLON = 58
const NAME = Array.from('host', (char) => char.charCodeAt(0))

/** Takes the next bytes of a header section and adds to `parts` what leaves in their place. */
export type HostReplacer = (bytes: Uint8Array, parts: Uint8Array[]) => void

/** Where in a line we are: `kept` is a value that is, so far, the new one; `dropped` one whose place the new one took. */
type Place = 'name' | 'other' | 'ows' | 'kept' | 'dropped'

/**
 * Replaces the value of the Host field (RFC 9110 §7.2) in one header section, wherever that is cut.
 *
 * Nothing waits: bytes that are the new value's leave as they come, and at the first one that is not, the rest of the
 * new value leaves in its place. So a head that names the new host already leaves as it came, also one that breaks.
 */
export function createHostReplacer(value: Uint8Array): HostReplacer {
  let place: Place = 'name'
  let matched = 0 // letters of the name, or bytes of the value
  let from = 0 // of what leaves as it came

  function replaceAt(at: number, bytes: Uint8Array, parts: Uint8Array[]): void {
    if (at > from) parts.push(bytes.subarray(from, at))
    if (matched < value.length) parts.push(value.subarray(matched))
    from = at
  }

  function endLine(byte: number, at: number, bytes: Uint8Array, parts: Uint8Array[]): void {
    if (place === 'ows' || place === 'kept') replaceAt(at, bytes, parts)
    if (place === 'dropped') from = at
    place = byte === LF ? 'name' : 'other'
    matched = 0
  }

  function spell(byte: number): void {
    if (matched === NAME.length && byte === COLON) {
      place = 'ows'
      matched = 0
    } else if ((byte | 32) === NAME[matched]) matched++
    else place = 'other'
  }

  /** Whether a byte of the value may leave as it came. */
  function keeps(byte: number): boolean {
    const blank = byte === SP || byte === HTAB
    if (place === 'ows' && blank) return true
    place = 'kept'
    if (byte === value[matched]) matched++
    else if (matched === value.length && blank) place = 'other'
    else return false
    return true
  }

  return (bytes, parts) => {
    from = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (byte === CR || byte === LF) endLine(byte, at, bytes, parts)
      else if (place === 'name') spell(byte)
      else if ((place === 'ows' || place === 'kept') && !keeps(byte)) {
        replaceAt(at, bytes, parts)
        place = 'dropped'
      }
    }
    if (place !== 'dropped' && from < bytes.length) parts.push(bytes.subarray(from))
  }
}
