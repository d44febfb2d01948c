import { asBytes, expect, type Mistake, mistake, Todo } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { diagnose } from '#ex/07-malformed-chunks'
import type { Diagnosis } from './contract.ts'

type Answers = Readonly<Record<string, unknown>>

/** The only answer is one of these. */
const said =
  (...answers: readonly Diagnosis[]) =>
  (got: Answers): boolean =>
    answers.some((answer) => Object.values(got)[0] === answer)

const endAtZero = mistake<Answers>(
  'end-at-zero',
  'The size 0 is not the end: an empty line comes behind it, and trailers may stand before that (RFC 9112 §7.1).',
  said('ok'),
)
const sliceIsEnough = mistake<Answers>(
  'slice-is-enough',
  '`subarray` and `slice` are content with less than you ask for. Compare what has come with what the size says (RFC 9112 §8).',
  said('ok'),
)
const noTrailers = mistake<Answers>(
  'no-trailers',
  'Behind the last chunk-size may stand trailer lines, each with its CR LF. Only the empty line is the end (RFC 9112 §7.1.2).',
  (got) => Object.keys(got)[0]?.includes('Sum') === true,
)
const cutIsBroken = mistake<Answers>(
  'cut-is-broken',
  'What has come is right so far; there is too little of it. Before you say that CR LF or a digit is missing, ask whether the bytes have ended (RFC 9112 §8).',
  said('missing-crlf', 'bad-size'),
)
const parseIntSize = mistake<Answers>(
  'parse-int-size',
  'parseInt takes a sign, 0x, and digits with anything behind. Another reader stops elsewhere, and then the two disagree where the body ends (RFC 9112 §7.1).',
  said('ok', 'missing-crlf'),
)
const lfIsEnough = mistake<Answers>(
  'lf-is-enough',
  'LF alone ends no line here. In a head a reader may accept it (RFC 9112 §2.2); in a chunked body it must not (erratum 7633 to §7.1).',
  said('ok'),
)
const lfInExtension = mistake<Answers>(
  'lf-in-extension',
  'You read the extension up to CR LF, whatever is in it. For a reader that stops at LF the data begins earlier: two readers, two bodies (RFC 9112 §7.1.1).',
  said('ok'),
)
const skipsTwo = mistake<Answers>(
  'skips-two',
  'You step over two bytes behind the data without a look. They must be CR LF, otherwise the size was wrong (RFC 9112 §7.1).',
  said('ok'),
)
const noLimit = mistake<Answers>(
  'no-limit',
  'Eight digits announce four gigabytes. Refuse when the size is announced, before you wait for its bytes.',
  said('ok', 'truncated'),
)
const limitPerChunk = mistake<Answers>(
  'limit-per-chunk',
  'Each chunk is below the limit, all together are above. Add up what has been announced.',
  said('ok', 'truncated'),
)

test('a good body is ok, and what comes behind it is not looked at', () => {
  expectAll(
    'ok',
    [
      '0\r\n\r\n',
      '5\r\nhello\r\n0\r\n\r\n',
      '1A;name="value"\r\nabcdefghijklmnopqrstuvwxyz\r\n000\r\n\r\n',
      '2\r\n\r\n\r\n0\r\nSum: 1\r\n\r\n',
      '0\r\n\r\nHTTP/1.1 200 OK\n',
    ],
    noTrailers,
  )
})

test('a body that ends before its last chunk is truncated', () => {
  expectAll(
    'truncated',
    ['', '5', '5\r', '5\r\n', '5\r\nhello', '5\r\nhello\r', '5\r\nhello\r\n'],
    sliceIsEnough,
    cutIsBroken,
  )
  expectAll('truncated', ['5\r\nhel', 'a\r\nhello\r\n'], sliceIsEnough, cutIsBroken)
})

test('a body that ends between the last chunk and the empty line is truncated', () => {
  expectAll('truncated', ['0\r\n', '0\r\n\r', '0\r\nSum: 1\r\n'], endAtZero)
})

test('a size is hexadecimal digits and nothing else', () => {
  const sizes = ['0x5', '5_0', '+5', '-5', '5h', '5,5', 'five', ' 5', '']
  expectAll('bad-size', bodiesWith(sizes), parseIntSize)
})

test('LF without CR ends no line', () => {
  const bodies = ['5\nhello\r\n0\r\n\r\n', '5\r\nhello\n0\r\n\r\n', '0\n\n', '0\r\n\n', '0\r\nSum: 1\n\r\n', '\nhello']
  expectAll('bare-lf', bodies, lfIsEnough)
})

test('an extension holds no LF', () => {
  expectAll(
    'bare-lf',
    ['5;\nhello\r\n0\r\n\r\n\r\n0\r\n\r\n', '5;\nhello\r\n0\r\n\r\n', '5;a=b\nhello\r\n5\r\nhello\r\n0\r\n\r\n'],
    lfInExtension,
  )
})

test('behind the data stands CR LF', () => {
  const bodies = ['5\r\nhelloXX0\r\n\r\n', '5\r\nhello!\r\n0\r\n\r\n', '5\r\nhello0\r\n\r\n', '5\r\nhello\rX0\r\n\r\n']
  expectAll('missing-crlf', bodies, skipsTwo)
})

test('CR without LF ends no line', () => {
  expectAll('missing-crlf', ['5\rhello\r\n0\r\n\r\n'])
})

test('a size of more than 16 MiB is too large', () => {
  expectAll('too-large', ['1000001\r\n', 'ffffffff\r\nhello', 'fffffffffffffffff\r\n', '00001000001\r\n'], noLimit)
  expectAll('truncated', ['1000000\r\nhello', '00000000000000005\r\nhel'])
})

test('chunks that are more than 16 MiB together are too large', () => {
  expectAll('too-large', ['1\r\n!\r\n1000000\r\n', '5\r\nhello\r\nfffffc\r\n'], limitPerChunk)
})

function bodiesWith(sizes: readonly string[]): string[] {
  return sizes.map((size) => `${size}\r\nhello\r\n0\r\n\r\n`)
}

/** All these bodies have this diagnosis. The first that has not is shown. */
function expectAll(wanted: Diagnosis, bodies: readonly string[], ...mistakes: Mistake<Answers>[]): void {
  for (const body of bodies) {
    expect<Answers>({ [body]: answerTo(body) }).toMean<Answers>({ [body]: wanted }, { mistakes })
  }
}

function answerTo(body: string): unknown {
  try {
    return diagnose(asBytes(body))
  } catch (error) {
    if (error instanceof Todo) throw error
    return { threw: error instanceof Error ? error.message : error }
  }
}
