import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { HttpError } from './errors.ts'
import { latin1 } from './grammar.ts'
import type { RequestHead, ResponseHead } from './head.ts'
import { type HeadGrammar, REQUEST, RESPONSE } from './head-grammar.ts'
import { headTooLarge, tooManyFields } from './head-too-large.ts'
import type { Limits } from './limits.ts'

export type HeadState = 'request-line' | 'status-line' | 'field-line'

const LF = 10

export interface HeadDecoder<Head> extends Decoder<Head, HeadState> {
  /**
   * What is before `from` has been taken: of heads that came in one read, only the last needs a view of its own. The bytes
   * behind a `from` above 0 are what they were when the head before them was taken.
   */
  push(bytes: Uint8Array, emit: (head: Head) => void, from?: number): number
}

/** Decodes the head of one request after the other, each up to and including its blank line. */
export function createRequestHeadDecoder(limits: Limits): HeadDecoder<RequestHead> {
  return createHeadDecoder(REQUEST, limits)
}

/** Decodes the head of one response after the other, each up to and including its blank line. */
export function createResponseHeadDecoder(limits: Limits): HeadDecoder<ResponseHead> {
  return createHeadDecoder(RESPONSE, limits)
}

/** Decodes the heads of one direction, each up to and including its blank line. */
export function createHeadDecoder<StartLine, Head>(
  grammar: HeadGrammar<StartLine, Head>,
  limits: Limits,
): HeadDecoder<Head> {
  return new LineByLine(grammar, limits)
}

/** A class, as are the decoders of bodies, because there is one for every message: see `FollowedSignal`. */
class LineByLine<StartLine, Head> implements HeadDecoder<Head> {
  readonly #grammar: HeadGrammar<StartLine, Head>
  readonly #limits: Limits
  #start: StartLine | undefined
  #lines: string[] = NO_LINES
  #line = '' // the one being read; growing a string byte by byte costs a byte each, until it is looked at
  #size = 0
  #head: Head | undefined

  constructor(grammar: HeadGrammar<StartLine, Head>, limits: Limits) {
    this.#grammar = grammar
    this.#limits = limits
  }

  get state(): HeadState {
    return this.#start === undefined ? this.#grammar.startLine : 'field-line'
  }

  push(bytes: Uint8Array, emit: (head: Head) => void, from: number = 0): number {
    const whole = this.#size === 0 ? this.#grammar.takeWhole(bytes, from, this.#limits, emit) : 0
    if (whole > 0) return whole
    let taken = from
    while (taken < bytes.length && this.#head === undefined) {
      const lf = bytes.indexOf(LF, taken)
      const end = lf === -1 ? bytes.length : lf + 1
      this.#grow(bytes, taken, end)
      taken = end
      if (lf !== -1) this.#takeLine()
    }
    if (this.#head !== undefined) emit(this.#takeHead(this.#head))
    return taken - from
  }

  end(): void {
    if (this.#start !== undefined || this.#line !== '') {
      throw new HttpError('HTTP_INCOMPLETE', 'the stream ended inside a message head')
    }
  }

  /** Adds to the line being read, and never copies more than shows that it is too much. */
  #grow(bytes: Uint8Array, from: number, end: number): void {
    const { headSize } = this.#limits
    const allowed = Math.min(end, from + headSize - this.#size + 1)
    this.#line += latin1(bytes, from, allowed)
    this.#size += allowed - from
    if (this.#size <= headSize) return
    throw this.#start === undefined ? this.#grammar.tooLarge(this.#line, this.#limits) : headTooLarge(headSize)
  }

  /** The line that is whole now. The blank one makes a head. */
  #takeLine(): void {
    const grammar = this.#grammar
    const content = this.#wholeLine()
    if (this.#start === undefined) {
      // §2.2: a server SHOULD ignore an empty line before the request line. (They count towards headSize.)
      if (content !== '' || grammar.startLine === 'status-line')
        this.#start = grammar.parseStartLine(content, this.#limits)
      this.#lines = []
    } else if (content === '') {
      this.#head = grammar.finish(this.#start, this.#lines)
    } else if (this.#lines.push(content) > this.#limits.fieldCount) {
      throw tooManyFields(this.#limits.fieldCount)
    }
  }

  /** Without its end. RFC 9112 §2.2 allows to accept a bare LF. Proxies that do not would see another message: refused. */
  #wholeLine(): string {
    const line = this.#line
    this.#line = ''
    if (!line.endsWith('\r\n')) throw bareLf(this.#start === undefined)
    return line.slice(0, -2)
  }

  #takeHead(head: Head): Head {
    this.#head = undefined
    this.#start = undefined
    this.#lines = NO_LINES
    this.#size = 0
    return head
  }
}

const NO_LINES: string[] = []

function bareLf(inStartLine: boolean): HttpError {
  return new HttpError(inStartLine ? 'HTTP_BAD_START_LINE' : 'HTTP_BAD_FIELD', 'a line that ends in LF without CR')
}
