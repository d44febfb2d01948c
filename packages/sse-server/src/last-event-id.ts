const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const BEYOND_ASCII = /[^ -~\t]/

/**
 * The id in a Last-Event-ID field (HTML §9.2.4).
 *
 * Clients send it as UTF-8; HTTP libraries hand every header over as latin1, one character a byte. So `ü` arrives as
 * two characters, and is put together again here. What is not UTF-8 stays as it came.
 */
export function readLastEventId(field: string | null | undefined): string | undefined {
  if (!field) return undefined
  if (!BEYOND_ASCII.test(field)) return field
  const codes = Array.from(field, (character) => character.codePointAt(0) as number)
  if (codes.some((code) => code > 0xff)) return field // already decoded by somebody
  try {
    return utf8.decode(Uint8Array.from(codes))
  } catch {
    return field
  }
}
