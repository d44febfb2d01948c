/**
 * What lets a text look like another one: embeddings, overrides and isolates, which turn what follows around
 * (UAX #9 §2.1-2.4), their deprecated relatives (U+206A-206F), annotations (U+FFF9-FFFB), and tags, which spell a text
 * that nobody sees (U+E0000-E007F; the flags of England, Scotland and Wales become a plain one for it).
 */
const MISLEADING = /[\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g
const FIRST_HALF = '\udb40' // of a tag, or of a variation selector, which stays

/**
 * Drops the characters that are not seen themselves and mislead about others; a tag may be cut into halves.
 *
 * More forgiving than "no format characters": joiners, variation selectors and soft hyphens belong to scripts and emoji,
 * and the marks U+200E, U+200F and U+061C, without which a bracket in Hebrew or Arabic faces the wrong way, reach no
 * further than the next letter.
 */
export function createFormatFilter(): (text: string) => string {
  let held = ''
  return (text) => {
    const whole = held + text
    held = whole.endsWith(FIRST_HALF) ? FIRST_HALF : ''
    return whole.slice(0, whole.length - held.length).replace(MISLEADING, '')
  }
}
