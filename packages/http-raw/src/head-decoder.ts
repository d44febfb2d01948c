import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { HttpError } from './errors.ts'
import { latin1 } from './grammar.ts'
import type { Limits } from './limits.ts'

export type HeadState = 'request-line' | 'status-line' | 'field-line'

const LF = 10

/** What requests and responses do differently. */
export interface HeadGrammar<StartLine, Head> {
  readonly startLine: HeadState
  /** Takes a head that lies whole in `bytes` and returns its size, or 0 to leave it to the lines. */
  takeWhole(bytes: Uint8Array, limits: Limits, emit: (head: Head) => void): number
  parseStartLine(line: string): StartLine
  finish(startLine: StartLine, fieldLines: readonly string[]): Head
  readonly limits: Limits
  /** What to say of a start line that alone outgrows the limit. */
  tooLarge(startLine: string): HttpError
}

/** Decodes the heads of one direction, each up to and including its blank line. */
export function createHeadDecoder<StartLine, Head>(grammar: HeadGrammar<StartLine, Head>): Decoder<Head, HeadState> {
  const { limits } = grammar
  let start: StartLine | undefined
  let lines: string[] = []
  let line = '' // the one being read; growing a string byte by byte costs a byte each, until it is looked at
  let size = 0

  /** One line with its end. Emits the head if it was the blank one. */
  function takeLine(text: string, emit: (head: Head) => void): void {
    // RFC 9112 §2.2 allows to accept a bare LF. Proxies that do not would see another message: refused.
    if (!text.endsWith('\r\n')) throw bareLf(start === undefined)
    const content = text.slice(0, -2)
    if (start === undefined) {
      // §2.2: a server SHOULD ignore an empty line before the request line. (They count towards headSize.)
      if (content !== '' || grammar.startLine === 'status-line') start = grammar.parseStartLine(content)
    } else if (content !== '') {
      if (lines.push(content) > limits.fieldCount) throw tooManyFields(limits.fieldCount)
    } else {
      const head = grammar.finish(start, lines)
      start = undefined
      lines = []
      size = 0
      emit(head)
    }
  }

  return {
    get state() {
      return start === undefined ? grammar.startLine : 'field-line'
    },
    push(bytes, emit) {
      let taken = size === 0 ? grammar.takeWhole(bytes, limits, emit) : 0
      if (taken > 0) return taken
      let finished = false
      while (taken < bytes.length && !finished) {
        const lf = bytes.indexOf(LF, taken)
        const end = lf === -1 ? bytes.length : lf + 1
        const allowed = Math.min(end, taken + limits.headSize - size + 1) // never copy more than shows that it is too much
        line += latin1(bytes.subarray(taken, allowed))
        size += allowed - taken
        if (size > limits.headSize) throw start === undefined ? grammar.tooLarge(line) : headTooLarge(limits.headSize)
        taken = end
        if (lf === -1) break
        const whole = line
        line = ''
        takeLine(whole, (head) => {
          finished = true
          emit(head)
        })
      }
      return taken
    },
    end() {
      if (start !== undefined || line !== '') {
        throw new HttpError('HTTP_INCOMPLETE', 'the stream ended inside a message head')
      }
    },
  }
}

function bareLf(inStartLine: boolean): HttpError {
  return new HttpError(inStartLine ? 'HTTP_BAD_START_LINE' : 'HTTP_BAD_FIELD', 'a line that ends in LF without CR')
}

export function headTooLarge(limit: number): HttpError {
  return new HttpError('HTTP_HEAD_TOO_LARGE', `the head is larger than ${limit} bytes`, { status: 431 })
}

function tooManyFields(limit: number): HttpError {
  return new HttpError('HTTP_HEAD_TOO_LARGE', `the head has more than ${limit} field lines`, { status: 431 })
}
