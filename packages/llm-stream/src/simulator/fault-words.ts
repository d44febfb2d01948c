import { LONGEST_TIMER } from '../longest-timer.ts'
import { FAILURE_NAMES, type FailureName } from './failures.ts'
import type { Cut, FaultSpec, Place, RetryAfter } from './fault-spec.ts'

/** One word of the grammar. `read` throws a TypeError that says what would have been right. */
export interface FaultWord {
  readonly name: string
  /** As it is written, for help texts. */
  readonly usage: string
  readonly meaning: string
  readonly read: (value: string | undefined, place: Place | undefined) => FaultSpec
}

/** Where a fault is that does not say where. */
const THIRD: Place = { unit: 'event', n: 3 }
const FIRST: Place = { unit: 'event', n: 1 }
const ENDS = ['fin', 'rst', 'clean'] as const
const INSIDES = ['utf8', 'json', 'chunk-size'] as const

/** Every fault there is, in the order of the documentation. */
export const FAULT_WORDS: readonly FaultWord[] = [
  word(
    'status',
    'status=NAME',
    `an error status: ${FAILURE_NAMES.join(', ')}, or a number from 400 to 599`,
    (value) => ({
      status: failureOrStatus(value),
    }),
  ),
  word(
    'retry-after',
    'retry-after=2s',
    'how long to wait, with an error status; also `ms:1500` and `date:2s`',
    (value) => ({
      retryAfter: retryAfter(value),
    }),
  ),
  word('should-retry', 'should-retry=false', 'the field `x-should-retry`, with an error status', (value) => ({
    shouldRetry: oneOf(value, ['true', 'false']) === 'true',
  })),
  flag('page', 'status 200 and a page of HTML', { page: true }),
  flag('whole', 'one JSON value, though a stream was asked for', { whole: true }),
  word('delay', 'delay=800ms', 'before the first byte of the answer', (value) => ({ delay: time(value) })),
  word('interim', 'interim=100+103', 'interim responses that nobody asked for', (value) => ({
    interim: required(value, '100+103')
      .split('+')
      .map((code) => wholeNumber(code, 100, 199, '101')),
  })),
  word('type', 'type=text/html', 'another Content-Type', (value) => ({ type: mediaType(value) })),
  word('framing', 'framing=close', 'a body without a length, or (`length`) with the right Content-Length', (value) => ({
    framing: oneOf(value, ['close', 'length']),
  })),
  word('length', 'length=+10', 'a Content-Length that is too large, or (`-10`) too small', (value) => ({
    framing: 'length',
    lengthOff: signed(value),
  })),
  flag('http10', 'HTTP/1.0: no chunks, FIN is the end', { http10: true, framing: 'close' }),
  placed(
    'error',
    'error=overloaded@1',
    'an error event, in the place of the N-th; then the stream ends',
    FIRST,
    (value, at) => ({
      error: { failure: oneOf(value, FAILURE_NAMES), at },
    }),
  ),
  placed('comments-only', 'comments-only=1s@3', 'behind the N-th event only comments', THIRD, (value, at) => ({
    commentsOnly: { every: value === undefined ? 100 : Math.max(time(value), 1), at },
  })),
  placed('drop', 'drop@3', 'the N-th event is left out', THIRD, (value, at) => ({ drop: nothing(value, at) })),
  flag('refuse', 'the model refuses', { refuse: true }),
  flag('filter', 'a content filter ends the answer', { filter: true }),
  flag('no-done', 'the last mark (`[DONE]`, `message_stop`, …) is left out', { noDone: true }),
  word(
    'strip',
    'strip=terminator',
    'the last chunk never comes; or (`blank-line`) the last event lacks its blank line',
    (value) =>
      oneOf(value, ['terminator', 'blank-line']) === 'terminator' ? { noLastChunk: true } : { noBlankLine: true },
  ),
  flag('cr', 'lines end in CR alone', { cr: true }),
  flag('bom', 'the stream begins with a byte order mark', { bom: true }),
  word(
    'linger',
    'linger=5s',
    'behind the last mark the body stays open; without a time: until the client leaves',
    (value) => ({
      linger: value === undefined ? Number.POSITIVE_INFINITY : time(value),
    }),
  ),
  anywhere(
    'cut',
    'cut=utf8+rst@3',
    'stops inside a character (`utf8`), a string (`json`), a `chunk-size`, or behind the event; with `fin`, `rst` or `clean` (only the answer is cut)',
    (value, place) => ({
      cut: cut(value, place),
    }),
  ),
  anywhere(
    'stall',
    'stall=2s@3',
    'silence behind the N-th event; without a time: until the client leaves',
    (value, place) => ({
      stall: { time: value === undefined ? Number.POSITIVE_INFINITY : time(value), at: place ?? THIRD },
    }),
  ),
  word('stall-after', 'stall-after=3', 'the same as `stall@3`', (value) => ({
    stall: { time: Number.POSITIVE_INFINITY, at: { unit: 'event', n: count(value) } },
  })),
  anywhere(
    'half-open',
    'half-open@3',
    'nothing more is sent, and nothing is noticed that the client does',
    (value, place) => ({
      halfOpen: nothing(value, place ?? THIRD),
    }),
  ),
  word('split', 'split=1', 'at most so many bytes a write', (value) => ({ split: count(value) })),
  word('split-head', 'split-head=1', 'the same for the head alone', (value) => ({ splitHead: count(value) })),
  word('drip', 'drip=5ms', 'one byte at a time, so long apart', (value) => ({ drip: time(value) })),
  placed(
    'corrupt',
    'corrupt=size@3',
    'a chunk-size that is not hexadecimal; or (`crlf`) chunk data without CRLF',
    THIRD,
    (value, at) => ({
      corrupt: { what: oneOf(value, ['size', 'crlf']), at },
    }),
  ),
  placed('size', 'size=+5@3', 'a chunk-size that is too large, or (`-5`) too small', THIRD, (value, at) => ({
    sizeOff: { by: signed(value), at },
  })),
  word('times', 'times=2', 'only the first so many requests with this specification are hit', (value) => ({
    times: count(value),
  })),
]

type Read = (value: string | undefined) => FaultSpec

/** A fault that is not at a place. */
function word(name: string, usage: string, meaning: string, read: Read): FaultWord {
  return {
    name,
    usage,
    meaning,
    read(value, place) {
      if (place) throw new TypeError('it has no place (@)')
      return read(value)
    },
  }
}

function flag(name: string, meaning: string, spec: FaultSpec): FaultWord {
  return word(name, name, meaning, (value) => {
    if (value !== undefined) throw new TypeError('it has no value (=)')
    return spec
  })
}

/** A fault at an event. */
function placed(
  name: string,
  usage: string,
  meaning: string,
  otherwise: Place,
  read: (value: string | undefined, at: Place) => FaultSpec,
): FaultWord {
  return {
    name,
    usage,
    meaning,
    read(value, place = otherwise) {
      if (place.unit !== 'event') throw new TypeError('it is at an event, not at a byte')
      return read(value, place)
    },
  }
}

/** A fault at an event or a byte. */
function anywhere(name: string, usage: string, meaning: string, read: FaultWord['read']): FaultWord {
  return { name, usage, meaning, read }
}

function cut(value: string | undefined, place: Place | undefined): Cut {
  const words = required(value, 'utf8, json, chunk-size, fin, rst or clean').split('+')
  const known = words.map((each) => oneOf(each, [...INSIDES, ...ENDS]))
  const inside = INSIDES.find((each) => known.includes(each))
  const end = ENDS.find((each) => known.includes(each)) ?? 'fin'
  if (known.length > (inside ? 1 : 0) + (known.some((each) => each === end) ? 1 : 0)) {
    throw new TypeError('one of utf8, json, chunk-size, and one of fin, rst, clean')
  }
  if (end === 'clean' && inside === 'chunk-size') throw new TypeError('nothing ends cleanly inside a chunk-size')
  if (end === 'clean' && place?.unit === 'byte') throw new TypeError('a clean end is at an event, not at a byte')
  if (inside && place?.unit === 'byte') throw new TypeError(`${inside} is looked for from an event on, not from a byte`)
  return { ...(inside && { inside }), end, at: place ?? THIRD }
}

function failureOrStatus(value: string | undefined): FailureName | number {
  if (/^\d+$/.test(value ?? '')) return wholeNumber(value, 400, 599)
  return oneOf(value, FAILURE_NAMES)
}

function retryAfter(value: string | undefined): RetryAfter {
  const [, form, amount] = /^(?:(ms|date):)?(.+)$/.exec(required(value, 'a time such as 2s, ms:1500 or date:2s')) ?? []
  const milliseconds = time(amount)
  if (form === undefined) return { form: 'seconds', milliseconds }
  return { form: form === 'ms' ? 'milliseconds' : 'date', milliseconds }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** `800ms`, `2s`, `1m`, or a number of milliseconds. */
function time(value: string | undefined): number {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(value ?? '') ?? []
  const milliseconds = Number(amount) * (UNITS[unit] ?? 1)
  if (milliseconds <= LONGEST_TIMER) return milliseconds
  throw new TypeError('a time such as 800ms, 2s or 1m')
}

function count(value: string | undefined): number {
  return wholeNumber(value, 1, Number.MAX_SAFE_INTEGER)
}

function wholeNumber(value: string | undefined, min: number, max: number, except?: string): number {
  const number = /^\d{1,15}$/.test(value ?? '') && value !== except ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  const most = max === Number.MAX_SAFE_INTEGER ? 'on' : `to ${max}`
  throw new TypeError(`a whole number from ${min} ${most}${except === undefined ? '' : `, but ${except}`}`)
}

/** More than nothing or less than nothing: what is off by nothing is right. */
function signed(value: string | undefined): number {
  if (/^[+-][1-9]\d{0,8}$/.test(value ?? '')) return Number(value)
  throw new TypeError('a difference such as +5 or -5')
}

function mediaType(value: string | undefined): string {
  if (/^[\w!#$&^.-]+\/[\w!#$&^.+-]+$/.test(value ?? '')) return value ?? ''
  throw new TypeError('a media type such as text/html')
}

function oneOf<Name extends string>(value: string | undefined, names: readonly Name[]): Name {
  const found = names.find((name) => name === value)
  if (found !== undefined) return found
  throw new TypeError(`one of ${names.join(', ')}`)
}

function nothing(value: string | undefined, place: Place): Place {
  if (value === undefined) return place
  throw new TypeError('it has no value (=)')
}

function required(value: string | undefined, expected: string): string {
  if (value !== undefined && value !== '') return value
  throw new TypeError(expected)
}
