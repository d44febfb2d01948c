const encoder = new TextEncoder()

/** The bytes of a text in UTF-8; bytes as they are; the pieces of a list one behind the other. */
export function asBytes(value: string | Uint8Array | readonly (string | Uint8Array)[]): Uint8Array {
  if (typeof value === 'string') return encoder.encode(value)
  if (value instanceof Uint8Array) return value
  return Uint8Array.from(value.flatMap((piece) => [...asBytes(piece)]))
}

/** Bytes as text that shows every byte: a character each (ISO-8859-1), so that a cut inside a character stays visible. */
export function asText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}
