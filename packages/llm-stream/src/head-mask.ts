import { STAR } from './secret-mask.ts'

const [TAB, LF, CR, SPACE, COLON] = [0x09, 0x0a, 0x0d, 0x20, 0x3a]

/** Of a field name we need to know no more than this to know that it is none of those. */
const LONGEST_NAME = 256

type State = 'start-line' | 'line-start' | 'name' | 'value' | 'hidden-value' | 'body'

/**
 * Makes a mask for one direction of one exchange: stars, in place, for the values of the fields it is to hide. Give it
 * every read in turn; where one was cut does not matter. Behind the head everything is left as it is.
 */
export function createHeadMask(hides: (lowerCaseName: string) => boolean): (bytes: Uint8Array) => void {
  let state: State = 'start-line'
  let startLine = ''
  let name = ''

  function next(byte: number): State {
    if (state === 'body') return state
    if (state === 'line-start') return lineStart(byte)
    if (byte === LF) return 'line-start'
    if (state === 'name') return inName(byte)
    if (state === 'start-line' && startLine.length < 16) startLine += String.fromCharCode(byte)
    return state
  }

  function lineStart(byte: number): State {
    if (byte === CR) return 'line-start'
    if (byte === LF) return behindHead()
    if (byte === SPACE || byte === TAB) return valueUnder(name) // a folded line goes on (RFC 9112 §5.2)
    name = String.fromCharCode(byte)
    return 'name'
  }

  function inName(byte: number): State {
    if (byte === COLON) return valueUnder(name)
    if (name.length < LONGEST_NAME) name += String.fromCharCode(byte)
    return 'name'
  }

  function valueUnder(name: string): State {
    return hides(name.trim().toLowerCase()) ? 'hidden-value' : 'value'
  }

  /** After an interim response there is another head (RFC 9110 §15.2). */
  function behindHead(): State {
    const interim = /^HTTP\/\d\.\d 1/.test(startLine)
    startLine = ''
    return interim ? 'start-line' : 'body'
  }

  return (bytes) => {
    for (let at = 0; at < bytes.length && state !== 'body'; at++) {
      const byte = bytes[at] as number
      const isHidden = state === 'hidden-value' && byte !== CR && byte !== LF && byte !== SPACE
      state = next(byte)
      if (isHidden) bytes[at] = STAR
    }
  }
}
