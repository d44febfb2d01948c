/** How bytes become text. There are two ways, and the same bytes are the same text in both: all tests run with either. */
export interface Text {
  /**
   * One character for each byte: ASCII is itself, and any other byte is anything but ASCII.
   *
   * Line ends are searched in this and values are slices of it, so that no text is decoded twice and none for nothing
   * (`npm run bench:parse`).
   */
  scan(bytes: Uint8Array): string
  /** Whether there is nothing to decode: what was scanned is the text then. */
  isAscii(bytes: Uint8Array, scanned: string): boolean
  /** Where that byte is first; -1 when it is nowhere. For bytes that nobody wants scanned. */
  indexOf(bytes: Uint8Array, byte: number): number
  /** Bytes to be filled: what is in them until then is anybody's guess. */
  room(size: number): Uint8Array
  /** UTF-8 as Encoding §4.2 wants it: what is none becomes U+FFFD, and a BOM stays. */
  utf8(bytes: Uint8Array, from: number, to: number): string
}

/** Above this, looking first whether a line is ASCII costs less than decoding it as if it were not. */
const LONG = 4096

/**
 * By the methods of Node's Buffer, where there are any: they want no view, and no object, for a piece of text. Two of them
 * stand in no documentation: docs/decisions/0007 says what happens if they go.
 */
function bufferText(): Text | undefined {
  const host = globalThis as Host
  const { allocUnsafeSlow } = host.Buffer ?? {}
  const { indexOf, latin1Slice, utf8Slice } = host.Buffer?.prototype ?? {}
  const isAscii = host.process?.getBuiltinModule?.('node:buffer')?.isAscii
  if (!allocUnsafeSlow || !indexOf || !latin1Slice || !utf8Slice || !isAscii) return undefined
  return {
    scan: (bytes) => latin1Slice.call(bytes, 0, bytes.length),
    isAscii: (bytes) => isAscii(bytes),
    indexOf: (bytes, byte) => indexOf.call(bytes, byte),
    room: (size) => new Uint8Array(allocUnsafeSlow(size).buffer),
    utf8(bytes, from, to) {
      const isPlain = to - from > LONG && isAscii(bytes.subarray(from, to))
      return isPlain ? latin1Slice.call(bytes, from, to) : utf8Slice.call(bytes, from, to)
    },
  }
}

/** By what every platform has. Its `latin1` is windows-1252 (Encoding §4.2): wrong as text, and good enough to scan. */
export function portableText(): Text {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  const singleByte = new TextDecoder('latin1')
  return {
    scan: (bytes) => singleByte.decode(bytes),
    isAscii: (_bytes, scanned) => /^[\0-\x7f]*$/.test(scanned),
    indexOf: (bytes, byte) => bytes.indexOf(byte),
    room: (size) => new Uint8Array(size),
    utf8: (bytes, from, to) => utf8.decode(bytes.subarray(from, to)),
  }
}

interface Host {
  readonly Buffer?: { allocUnsafeSlow?(size: number): Uint8Array; readonly prototype: Partial<Slices> }
  readonly process?: { getBuiltinModule?(name: string): { isAscii?(bytes: Uint8Array): boolean } | undefined }
}

interface Slices {
  indexOf(this: Uint8Array, byte: number): number
  latin1Slice(this: Uint8Array, from: number, to: number): string
  utf8Slice(this: Uint8Array, from: number, to: number): string
}

/** Chosen once. */
export const text: Text = bufferText() ?? portableText()
