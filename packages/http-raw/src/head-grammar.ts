import type { RequestHead, ResponseHead } from './head.ts'
import { createHeadDecoder, type HeadDecoder, type HeadGrammar } from './head-decoder.ts'
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

/** Decodes the head of one request after the other, each up to and including its blank line. */
export function createRequestHeadDecoder(limits: Limits): HeadDecoder<RequestHead> {
  return createHeadDecoder(REQUEST, limits)
}

/** Decodes the head of one response after the other, each up to and including its blank line. */
export function createResponseHeadDecoder(limits: Limits): HeadDecoder<ResponseHead> {
  return createHeadDecoder(RESPONSE, limits)
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
