import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { HttpError } from './errors.ts'
import type { RequestHead, ResponseHead } from './head.ts'
import { createHeadDecoder, type HeadGrammar, type HeadState, headTooLarge } from './head-decoder.ts'
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
export function createRequestHeadDecoder(limits: Limits): Decoder<RequestHead, HeadState> {
  return createHeadDecoder(requestGrammarOf(limits))
}

/** Decodes the head of one response after the other, each up to and including its blank line. */
export function createResponseHeadDecoder(limits: Limits): Decoder<ResponseHead, HeadState> {
  return createHeadDecoder(responseGrammar(limits))
}

/** A server has one for all its connections. */
const requestGrammars = new WeakMap<Limits, HeadGrammar<RequestLine, RequestHead>>()

function requestGrammarOf(limits: Limits): HeadGrammar<RequestLine, RequestHead> {
  const grammar = requestGrammars.get(limits) ?? requestGrammar(limits)
  requestGrammars.set(limits, grammar)
  return grammar
}

export function requestGrammar(limits: Limits): HeadGrammar<RequestLine, RequestHead> {
  return {
    startLine: 'request-line',
    takeWhole: takeWholeRequestHead,
    parseStartLine(line) {
      const parsed = parseRequestLine(line)
      if (parsed.target.length > limits.targetSize) throw targetTooLong(limits.targetSize)
      return parsed
    },
    finish: requestHead,
    limits,
    // RFC 9112 §3: a request-target longer than we wish to parse MUST get a 414.
    tooLarge: (start) => (start.includes(' ') ? targetTooLong(limits.targetSize) : headTooLarge(limits.headSize)),
  }
}

export function responseGrammar(limits: Limits): HeadGrammar<StatusLine, ResponseHead> {
  return {
    startLine: 'status-line',
    takeWhole: takeWholeResponseHead,
    parseStartLine: parseStatusLine,
    finish: responseHead,
    limits,
    tooLarge: () => headTooLarge(limits.headSize),
  }
}

function targetTooLong(limit: number): HttpError {
  return new HttpError('HTTP_HEAD_TOO_LARGE', `the request-target is longer than ${limit} bytes`, { status: 414 })
}
