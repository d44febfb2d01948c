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
  /** The name of this byte. The second half of a CRLF is for the decoder to tell: it remembers the CR. */
  name(byte: number, isSecondHalf: boolean): EventElement
  /** Whether the current line, up to and including its end, is a `data` field. */
  readonly isData: boolean
}

/** Names the bytes inside the lines of an event stream (HTML §9.2.5). */
export function createEventGrammar(): EventGrammar {
  let part: EventElement | undefined // of the current line; undefined at its first byte
  let lineEnd: EventElement = 'end-of-line'
  let bom = 0 // bytes of it seen
  let name = '' // of the field; longer than `data` is all the same

  function beginLine(byte: number): void {
    part = byte === COLON ? 'comment' : 'field-name'
    name = ''
  }

  function inLine(byte: number): EventElement {
    if (part === 'bom' && bom === BOM.length) part = undefined
    // At the start of the stream. A name must not wait for the byte after it, so the BOM's first byte decides.
    if (byte === BOM[bom]) {
      bom++
      part = 'bom'
      return part
    }
    bom = BOM.length
    if (part === undefined || part === 'bom') beginLine(byte)
    if (part === 'field-name') return inName(byte)
    if (part !== 'space') return part ?? 'field-name'
    part = 'field-value'
    return byte === SPACE ? 'space' : part
  }

  function inName(byte: number): EventElement {
    if (byte !== COLON) {
      if (name.length <= 'data'.length) name += String.fromCharCode(byte)
      return 'field-name'
    }
    part = 'space'
    return 'colon'
  }

  function endLine(): EventElement {
    const isBlank = part === undefined || (part === 'bom' && bom === BOM.length)
    bom = BOM.length
    part = undefined
    if (isBlank) name = ''
    return isBlank ? 'blank-line' : 'end-of-line'
  }

  return {
    get isData() {
      return name === 'data'
    },
    name(byte, isSecondHalf) {
      if (isSecondHalf) return lineEnd
      if (byte !== LF && byte !== CR) return inLine(byte)
      lineEnd = endLine()
      return lineEnd
    },
  }
}
