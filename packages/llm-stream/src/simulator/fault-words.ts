import { FAILURE_NAMES } from './failures.ts'
import type { FaultSpec } from './fault-spec.ts'
import * as read from './fault-values.ts'
import { anywhere, type FaultWord, flag, placed, word } from './fault-word.ts'

const { FIRST, THIRD, time, count } = read

/** Something else in the place of an answer. */
const INSTEAD: readonly FaultWord[] = [
  word(
    'status=NAME',
    `an error status: ${FAILURE_NAMES.join(', ')}, or a number from 400 to 599`,
    (value): FaultSpec => ({ status: read.failureOrStatus(value) }),
  ),
  word('retry-after=2s', 'how long to wait, with an error status; also `ms:1500` and `date:2s`', (value) => ({
    retryAfter: read.retryAfter(value),
  })),
  word('should-retry=false', 'the field `x-should-retry`, with an error status', (value) => ({
    shouldRetry: read.oneOf(value, ['true', 'false']) === 'true',
  })),
  flag('page', 'status 200 and a page of HTML', { page: true }),
  flag('whole', 'one JSON value, though a stream was asked for', { whole: true }),
]

/** What the head says, and what comes before it. */
const HEAD: readonly FaultWord[] = [
  word('delay=800ms', 'before the first byte of the answer', (value) => ({ delay: time(value) })),
  word('interim=100+103', 'interim responses that nobody asked for', (value) => ({ interim: read.interims(value) })),
  word('type=text/html', 'another Content-Type', (value) => ({ type: read.mediaType(value) })),
  word('framing=close', 'a body without a length, or (`length`) with the right Content-Length', (value) => ({
    framing: read.oneOf(value, ['close', 'length']),
  })),
  word('length=+10', 'a Content-Length that is too large, or (`-10`) too small', (value) => ({
    framing: 'length',
    lengthOff: read.signed(value),
  })),
  word('gzip=flush', 'a compressed stream; or (`noflush`) one whose compressor waits until it has enough', (value) => ({
    gzip: read.oneOf(value, ['flush', 'noflush']),
  })),
  flag('http10', 'HTTP/1.0: no chunks, FIN is the end', { http10: true, framing: 'close' }),
]

/** What is wrong with the events. */
const EVENTS: readonly FaultWord[] = [
  placed(
    'error=overloaded@1',
    'an error event, in the place of the N-th; then the stream ends',
    FIRST,
    (value, at) => ({
      error: { failure: read.oneOf(value, FAILURE_NAMES), at },
    }),
  ),
  placed('comments-only=1s@3', 'behind the N-th event only comments', THIRD, (value, at) => ({
    commentsOnly: { every: value === undefined ? 100 : Math.max(time(value), 1), at },
  })),
  placed('drop@3', 'the N-th event is left out', THIRD, (value, at) => ({ drop: read.nothing(value, at) })),
  flag('refuse', 'the model refuses', { refuse: true }),
  flag('filter', 'a content filter ends the answer', { filter: true }),
  flag('no-done', 'the last mark (`[DONE]`, `message_stop`, …) is left out', { noDone: true }),
  word(
    'strip=terminator',
    'the last chunk never comes; or (`blank-line`) the last event lacks its blank line',
    (value) =>
      read.oneOf(value, ['terminator', 'blank-line']) === 'terminator' ? { noLastChunk: true } : { noBlankLine: true },
  ),
  flag('cr', 'lines end in CR alone', { cr: true }),
  flag('bom', 'the stream begins with a byte order mark', { bom: true }),
  word(
    'linger=5s',
    'behind the last mark the body stays open; without a time: until the client leaves',
    (value): FaultSpec => ({ linger: read.timeOrForever(value) }),
  ),
]

/** What is wrong with the bytes. */
const BYTES: readonly FaultWord[] = [
  anywhere(
    'cut=utf8+rst@3',
    'stops inside a character (`utf8`), a string (`json`), a `chunk-size`, or behind the event; with `fin`, `rst` or `clean` (only the answer is cut)',
    (value, place) => ({ cut: read.cut(value, place) }),
  ),
  anywhere(
    'stall=2s@3',
    'silence behind the N-th event; without a time: until the client leaves',
    (value, at = THIRD) => ({ stall: { time: read.timeOrForever(value), at } }),
  ),
  word('stall-after=3', 'the same as `stall@3`', (value) => ({
    stall: { time: Number.POSITIVE_INFINITY, at: { unit: 'event', n: count(value) } },
  })),
  anywhere('half-open@3', 'nothing more is sent, and nothing is noticed that the client does', (value, at = THIRD) => ({
    halfOpen: read.nothing(value, at),
  })),
  word('split=1', 'at most so many bytes a write', (value) => ({ split: count(value) })),
  word('split-head=1', 'the same for the head alone', (value) => ({ splitHead: count(value) })),
  word('drip=5ms', 'one byte at a time, so long apart', (value) => ({ drip: time(value) })),
  placed(
    'corrupt=size@3',
    'a chunk-size that is not hexadecimal; or (`crlf`) chunk data without CRLF',
    THIRD,
    (value, at) => ({ corrupt: { what: read.oneOf(value, ['size', 'crlf']), at } }),
  ),
  placed('size=+5@3', 'a chunk-size that is too large, or (`-5`) too small', THIRD, (value, at) => ({
    sizeOff: { by: read.signed(value), at },
  })),
]

/** Every fault there is, in the order of the documentation. */
export const FAULT_WORDS: readonly FaultWord[] = [
  ...INSTEAD,
  ...HEAD,
  ...EVENTS,
  ...BYTES,
  word('times=2', 'only the first so many requests with this specification are hit', (value) => ({
    times: count(value),
  })),
]
