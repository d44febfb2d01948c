import { createFormatFilter } from './format-characters.ts'

/** Takes pieces of text and returns what is safe to print of each. */
export type Sanitizer = (text: string) => string

type State = 'ground' | 'escape' | 'csi' | 'string' // ECMA-48 §5.3-5.6: what the next character belongs to

const ESC = 0x1b
const BEL = 0x07
const ST = 0x9c
/** DCS, SOS, OSC, PM and APC, by their C1 codes; after ESC they are the same codes less 0x40. */
const STRINGS: ReadonlySet<number> = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f])

/**
 * Keeps a model's text from talking to the terminal: drops control characters (C0, DEL and C1, all but line feed and
 * tab) and the sequences they begin (ECMA-48 §5), such as colours, cursor movement and the one that writes the clipboard;
 * and the format characters that make a text look like another one.
 *
 * It remembers: a sequence may be cut anywhere, and its second half is no more welcome than its first. A line feed ends
 * any sequence, so that one that is never closed cannot swallow the rest of the answer.
 */
export function createSanitizer(): Sanitizer {
  const withoutMisleading = createFormatFilter()
  let state: State = 'ground'

  /** Moves on by one character; true if it may be printed. */
  function take(code: number): boolean {
    if (code === 0x0a || code === 0x09) {
      if (code === 0x0a) state = 'ground'
      return state === 'ground'
    }
    if (code === ESC) {
      state = 'escape'
      return false
    }
    switch (state) {
      case 'ground':
        return takeText(code)
      case 'escape':
        return takeEscape(code)
      case 'csi':
        if (code >= 0x20 && code <= 0x3f) return false // parameters
        state = 'ground'
        return code > 0x7e && takeText(code) // no final byte: not a sequence after all
      case 'string':
        if (code === BEL || code === ST) state = 'ground'
        return false
    }
  }

  function takeText(code: number): boolean {
    if (code === 0x9b) state = 'csi'
    else if (STRINGS.has(code)) state = 'string'
    return code >= 0x20 && !(code >= 0x7f && code <= 0x9f)
  }

  function takeEscape(code: number): boolean {
    if (code >= 0x20 && code <= 0x2f) return false // intermediates
    state = 'ground'
    if (code === 0x5b) state = 'csi'
    else if (STRINGS.has(code + 0x40)) state = 'string'
    else if (code > 0x7e) return takeText(code)
    return false
  }

  return (text) => {
    let safe = ''
    let from = 0
    for (let at = 0; at < text.length; at++) {
      if (take(text.charCodeAt(at))) continue
      safe += text.slice(from, at)
      from = at + 1
    }
    return withoutMisleading(safe + text.slice(from))
  }
}
