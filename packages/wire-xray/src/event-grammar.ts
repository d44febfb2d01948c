import { type Name, nameOf, type Put } from './name.ts'

const SPACE = 32
const COLON = 58
const BOM = [0xef, 0xbb, 0xbf]
const DATA = [0x64, 0x61, 0x74, 0x61]
const NOT_DATA = 5

const BOM_NAME = nameOf('sse', 'bom')
const FIELD_NAME = nameOf('sse', 'field-name')
const COLON_NAME = nameOf('sse', 'colon')
const SPACE_NAME = nameOf('sse', 'space')
const FIELD_VALUE = nameOf('sse', 'field-value')
const COMMENT = nameOf('sse', 'comment')
export const END_OF_LINE: Name = nameOf('sse', 'end-of-line')
export const BLANK_LINE: Name = nameOf('sse', 'blank-line')

/** Names the bytes of a field's value. */
export type PutValue = (bytes: Uint8Array, from: number, to: number) => void

export interface EventGrammar {
  /** Names bytes of one line, its end not among them; `putValue` names those of a `data` field's value. */
  take(bytes: Uint8Array, from: number, to: number, put: Put, putValue: PutValue): void
  /** The line is over: what its end is called. */
  endLine(): Name
  /** Whether the current line, or the one that has just ended, is a `data` field. */
  readonly isData: boolean
}

/** Names the bytes inside the lines of an event stream (HTML §9.2.5). Where lines end is for the decoder to tell. */
export function createEventGrammar(): EventGrammar {
  let part: Name | undefined // of the current line; undefined at its first byte
  let bom = 0 // bytes of it seen
  let like = 0 // bytes of the field's name that are those of `data`; NOT_DATA from the first one on that is not

  /** At the start of the stream. A name must not wait for the byte after it, so the BOM's first byte decides. */
  function takeBom(bytes: Uint8Array, from: number, to: number, put: Put): number {
    let at = from
    while (at < to && bom < BOM.length && bytes[at] === BOM[bom]) {
      at++
      bom++
    }
    if (at > from) {
      put(BOM_NAME, at - from)
      part = BOM_NAME
    }
    if (at < to || bom === BOM.length) {
      part = undefined // also behind what only began like one
      bom = BOM.length
    }
    return at
  }

  function beginLine(byte: number): void {
    part = byte === COLON ? COMMENT : FIELD_NAME
    like = 0
  }

  function takeName(bytes: Uint8Array, from: number, to: number, put: Put): number {
    let at = from
    for (; at < to && bytes[at] !== COLON; at++) {
      like = bytes[at] === DATA[like] ? like + 1 : NOT_DATA
    }
    if (at > from) put(FIELD_NAME, at - from)
    if (at === to) return at
    put(COLON_NAME, 1)
    part = SPACE_NAME
    return at + 1
  }

  function takeSpace(bytes: Uint8Array, at: number, put: Put): number {
    part = FIELD_VALUE
    if (bytes[at] !== SPACE) return at
    put(SPACE_NAME, 1)
    return at + 1
  }

  return {
    get isData() {
      return like === DATA.length
    },
    take(bytes, from, to, put, putValue) {
      let at = bom < BOM.length ? takeBom(bytes, from, to, put) : from
      if (at < to && part === undefined) beginLine(bytes[at] as number)
      if (at < to && part === FIELD_NAME) at = takeName(bytes, at, to, put)
      if (at < to && part === SPACE_NAME) at = takeSpace(bytes, at, put)
      if (at === to) return
      if (part === FIELD_VALUE && like === DATA.length) putValue(bytes, at, to)
      else put(part === COMMENT ? COMMENT : FIELD_VALUE, to - at)
    },
    endLine() {
      const isBlank = part === undefined
      bom = BOM.length
      part = undefined
      if (isBlank) like = 0
      return isBlank ? BLANK_LINE : END_OF_LINE
    },
  }
}
