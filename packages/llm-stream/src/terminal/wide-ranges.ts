/**
 * Characters that take two cells by themselves (East Asian Width W and F, UAX #11), in order; those between two scripts that
 * are not assigned are taken along. Emoji are not here: `\p{Emoji_Presentation}` knows them.
 */
export const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f], // the first letters of Hangul blocks
  [0x2329, 0x232a],
  [0x2630, 0x2637], // trigrams
  [0x268a, 0x268f],
  [0x2e80, 0x303e], // radicals, punctuation
  [0x3041, 0x3247], // Kana, Bopomofo, Jamo
  [0x3250, 0xa4cf], // Han, hexagrams, Yi
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3], // Hangul
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60], // fullwidth forms
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff], // Tangut, Khitan
  [0x1aff0, 0x1b2fb], // more Kana, Nushu
  [0x1d300, 0x1d356],
  [0x1d360, 0x1d376],
  [0x1f200, 0x1f265], // enclosed Han
  [0x20000, 0x3fffd], // Han of the planes 2 and 3
]
