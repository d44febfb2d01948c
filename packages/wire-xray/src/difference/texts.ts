import type { Explanation } from './difference.ts'
import { glyph } from './glyph.ts'

/** What is left to say of any bytes. */
export const TEXTS: readonly Explanation[] = [
  ({ expected, got }) =>
    expected.text.trimEnd() === got.text.trimEnd() ? 'Only the spaces and line ends at the end differ.' : undefined,
  ({ expected, got }) =>
    expected.text.toLowerCase() === got.text.toLowerCase() ? 'Only upper and lower case differ.' : undefined,
  ({ expected, got }) =>
    expected.text.replaceAll(/\s/g, '') === got.text.replaceAll(/\s/g, '')
      ? 'Only spaces and line ends differ.'
      : undefined,
  ({ missing, instead }) =>
    instead === '' ? `It stops ${missing.length} ${missing.length === 1 ? 'byte' : 'bytes'} too early.` : undefined,
  ({ missing, instead }) =>
    missing === ''
      ? `There ${instead.length === 1 ? 'is 1 byte' : `are ${instead.length} bytes`} too many.`
      : undefined,
  ({ got, expected }) =>
    got.text !== '' && expected.text.includes(got.text)
      ? 'What is there is right, but its beginning is missing.'
      : undefined,
  ({ missing, instead }) => `Here comes ${glyph(instead)}, and should come ${glyph(missing)}.`,
]
