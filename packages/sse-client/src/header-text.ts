const OUTSIDE_ASCII = /[^\0-\x7f]/

/**
 * The UTF-8 bytes of `text`, one character each: what fetch calls a ByteString and our Fields take as they are.
 *
 * Neither has a notion of text beyond latin1, and an event ID may be any text (HTML §9.2.3: "encoded as UTF-8").
 */
export function byteString(text: string): string {
  if (!OUTSIDE_ASCII.test(text)) return text
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

/** {@link byteString} for every value. */
export function byteStrings(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, byteString(value)]))
}
