/** What stands where a text was cut. */
export const CUT = '…'

/** The text, or as many characters of its beginning and the mark of a cut. */
export function shortened(text: string, size: number): string {
  return text.length > size ? `${text.slice(0, size)}${CUT}` : text
}
