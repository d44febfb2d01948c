import type { HttpError } from './errors.ts'
import type { RequestHead, ResponseHead } from './head.ts'
import { headTooLarge, targetTooLong } from './head-too-large.ts'
import type { Limits } from './limits.ts'
import {
  parseRequestLine,
  parseStatusLine,
  type RequestLine,
  requestHead,
  responseHead,
  type StatusLine,
} from './parse-head.ts'
import { takeWholeRequestHead, takeWholeResponseHead } from './whole-head.ts'

/** What requests and responses do differently. */
export interface HeadGrammar<StartLine, Head> {
  readonly startLine: 'request-line' | 'status-line'
  /** Takes a head that lies whole in `bytes`, from `from` on, and returns its size, or 0 to leave it to the lines. */
  takeWhole(bytes: Uint8Array, from: number, limits: Limits, emit: (head: Head) => void): number
  parseStartLine(line: string, limits: Limits): StartLine
  finish(startLine: StartLine, fieldLines: readonly string[]): Head
  /** What to say of a start line that alone outgrows the limit. */
  tooLarge(startLine: string, limits: Limits): HttpError
}

export const REQUEST: HeadGrammar<RequestLine, RequestHead> = {
  startLine: 'request-line',
  takeWhole: takeWholeRequestHead,
  parseStartLine(line, { targetSize }) {
    const parsed = parseRequestLine(line)
    if (parsed.target.length > targetSize) throw targetTooLong(targetSize)
    return parsed
  },
  finish: requestHead,
  // Behind a blank, what does not end is the target.
  tooLarge: (start, { targetSize, headSize }) =>
    start.includes(' ') ? targetTooLong(targetSize) : headTooLarge(headSize),
}

export const RESPONSE: HeadGrammar<StatusLine, ResponseHead> = {
  startLine: 'status-line',
  takeWhole: takeWholeResponseHead,
  parseStartLine: parseStatusLine,
  finish: responseHead,
  tooLarge: (_start, { headSize }) => headTooLarge(headSize),
}
