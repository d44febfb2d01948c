/** One character per byte, both ways. (`TextDecoder('latin1')` is windows-1252, which is not that.) */
export interface Latin1 {
  decode(bytes: Uint8Array, start: number, end: number): string
  encode(text: string): Uint8Array
}

/** What of Node's is used where there is any: these files run in browsers too. */
interface Host {
  readonly Buffer?: {
    readonly prototype: { latin1Slice?(this: Uint8Array, start: number, end: number): string }
    from(text: string, encoding: 'latin1'): Uint8Array
  }
}

/** By Node's own, and what Buffer's toString('latin1') ends in; called like this it takes any Uint8Array, and takes no copy. */
function bufferLatin1(): Latin1 | undefined {
  const { Buffer } = globalThis as Host
  const latin1Slice = Buffer?.prototype.latin1Slice
  if (Buffer === undefined || latin1Slice === undefined) return undefined
  return {
    decode: (bytes, start, end) => latin1Slice.call(bytes, start, end),
    encode: (text) => Buffer.from(text, 'latin1'),
  }
}

/** How many arguments a call may have on every engine, and then some. */
const PIECE = 4096

/** By what every platform has. */
export function portableLatin1(): Latin1 {
  return {
    decode(bytes, start, end) {
      let text = ''
      for (let at = start; at < end; at += PIECE) {
        text += String.fromCharCode(...bytes.subarray(at, Math.min(at + PIECE, end)))
      }
      return text
    },
    encode(text) {
      const bytes = new Uint8Array(text.length)
      for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
      return bytes
    },
  }
}

/** Chosen once. */
const chosen: Latin1 = bufferLatin1() ?? portableLatin1()

/** Bytes to text, one character per byte. */
export function latin1(bytes: Uint8Array, start: number = 0, end: number = bytes.length): string {
  return chosen.decode(bytes, start, end)
}

/** Text to bytes, one byte per character. Check the text first: above U+00FF the upper bits are dropped. */
export function toLatin1(text: string): Uint8Array {
  return chosen.encode(text)
}
