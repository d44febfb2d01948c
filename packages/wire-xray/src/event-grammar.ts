const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58
const BOM = [0xef, 0xbb, 0xbf]

export type EventElement =
  | 'bom'
  | 'field-name'
  | 'colon'
  | 'space'
  | 'field-value'
  | 'comment'
  | 'end-of-line'
  | 'blank-line'

export interface EventGrammar {
  /** The name of this byte. `afterCr` is the decoder's word that the byte before it was a CR. */
  name(byte: number, afterCr: boolean): EventElement
  /** Whether the line so far is a `data` field. */
  readonly isData: boolean
}

/** Names the bytes inside the lines of an event stream (HTML §9.2.5). */
export function createEventGrammar(): EventGrammar {
  let part: EventElement | undefined = 'bom' // of the current line; undefined at its first byte
  let lineEnd: EventElement = 'end-of-line'
  let bom = 0
  let name = '' // of the field; longer than `data` is all the same

  function namePart(byte: number): EventElement {
    // The first byte of a BOM decides: nothing useful in UTF-8 starts with it, and what follows is named by itself.
    if (part === 'bom' && byte === BOM[bom]) {
      bom++
      if (bom === BOM.length) part = undefined
      return 'bom'
    }
    if (part === undefined || part === 'bom') {
      part = byte === COLON ? 'comment' : 'field-name'
      name = ''
    }
    if (part === 'field-name') {
      if (byte === COLON) {
        part = 'space'
        return 'colon'
      }
      if (name.length < 5) name += String.fromCharCode(byte)
    } else if (part === 'space') {
      part = 'field-value'
      if (byte === SPACE) return 'space'
    }
    return part
  }

  return {
    get isData() {
      return name === 'data'
    },
    name(byte, afterCr) {
      if (byte === LF && afterCr) return lineEnd
      if (byte !== LF && byte !== CR) return namePart(byte)
      lineEnd = part === undefined || part === 'bom' ? 'blank-line' : 'end-of-line'
      part = undefined
      return lineEnd
    },
  }
}
