/** The text with U+FFFD for each half of a surrogate pair that is alone. (`toWellFormed` of ES2024.) */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd')
}

/** The first half of a surrogate pair at the end of a text, or nothing. */
export function halfAtEnd(text: string): string {
  return /[\ud800-\udbff]$/.exec(text)?.[0] ?? ''
}
