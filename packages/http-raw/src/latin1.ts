/** What of Node's is used where there is any: these files run in browsers too. */
interface Host {
  readonly Buffer?: {
    readonly prototype: { latin1Slice?(this: Uint8Array, start: number, end: number): string }
    from(text: string, encoding: 'latin1'): Uint8Array
  }
}

/** Chosen once. What Buffer's toString('latin1') ends in: by `call` it takes any Uint8Array, and makes no Buffer of it. */
const { Buffer: NodeBuffer } = globalThis as Host
const latin1Slice = NodeBuffer?.prototype.latin1Slice

/** Bytes to text, one character per byte. (`TextDecoder('latin1')` is windows-1252, which is not that.) */
export function latin1(bytes: Uint8Array, start: number = 0, end: number = bytes.length): string {
  return latin1Slice === undefined ? portableLatin1(bytes, start, end) : latin1Slice.call(bytes, start, end)
}

/** Text to bytes, one byte per character. Check the text first: above U+00FF the upper bits are dropped. */
export function toLatin1(text: string): Uint8Array {
  return NodeBuffer === undefined ? portableToLatin1(text) : NodeBuffer.from(text, 'latin1')
}

/** How many arguments a call may have on every engine, and then some. */
const PIECE = 4096

/** {@link latin1} by what every platform has. */
export function portableLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + PIECE, end)))
  }
  return text
}

/** {@link toLatin1} by what every platform has. */
export function portableToLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
