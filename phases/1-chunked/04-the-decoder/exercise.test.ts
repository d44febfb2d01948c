import { asBytes, asText, everyCut, expect, type Mistake, mistake, Todo } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { createChunkDecoder } from '#ex/04-the-decoder'

type Read = { readonly data: unknown; readonly done: boolean } | { readonly threw: string }

/** What comes out when these reads go in, one after the other. */
function decode(reads: readonly (string | Uint8Array)[]): Read {
  const decoder = createChunkDecoder()
  const pieces = reads.map((read) => decoder.push(asBytes(read)))
  return { data: textOf(pieces.flat()), done: decoder.done }
}

/** The same, where an error is a wrong answer like others. */
function outcomeOf(reads: readonly string[]): Read {
  try {
    return decode(reads)
  } catch (error) {
    if (error instanceof Todo) throw error
    return { threw: error instanceof Error ? error.message : String(error) }
  }
}

/** The text of all pieces together; whatever else came, as it is. */
function textOf(pieces: readonly unknown[]): unknown {
  return pieces.every((piece) => piece instanceof Uint8Array) ? asText(asBytes(pieces)) : pieces
}

const readIsMessage = mistake<Read>(
  'read-is-message',
  'One read is not one chunk: TCP joins what was sent apart, and cuts what was sent together. Go on until the read is used up.',
  (got) => 'data' in got && got.data === 'one',
)
const decimalSize = mistake<Read>(
  'decimal-size',
  'The chunk-size is HEXADECIMAL. You read it in decimal: `1a` is 26 bytes, not 1 (RFC 9112 §7.1: chunk-size = 1*HEXDIG).',
  () => true,
)
const splitsAtCrlf = mistake<Read>(
  'splits-at-crlf',
  'You looked for the CR LF that ends the data. Data may hold CR LF itself: count as many bytes as the size says, and only then look (RFC 9112 §7.1).',
  (got) => 'data' in got && got.data === 'a',
)
const frozenDone = mistake<Read>(
  'frozen-done',
  '`done` is not true. Did you set it? `return { push, end, done }` copies the value of that moment, which is false: what you set later nobody sees.',
  (got) => 'done' in got && got.done === false && got.data === 'hello',
)
const forgetsTheRest = mistake<Read>(
  'forgets-the-rest',
  'What a read leaves unfinished you forgot when the next one came. The size, or the bytes still to come, must be kept from read to read.',
  () => true,
)
const crlfInOneRead = mistake<Read>(
  'crlf-in-one-read',
  'A read may end between CR and LF. A CR without its LF is no error yet, and no end of a line: the LF comes with the next read.',
  () => true,
)
const extensionInSize = mistake<Read>(
  'extension-in-size',
  'Behind the size may stand ";" and an extension. One that you do not know you MUST ignore (RFC 9112 §7.1.1).',
  () => true,
)
const noTrailers = mistake<Read>(
  'no-trailers',
  'Behind the last chunk may come trailer fields. The body ends with the first EMPTY line there, not with the first CR LF (RFC 9112 §7.1.2).',
  () => true,
)
const endIsSuccess = mistake<unknown>(
  'end-is-success',
  'The end of the stream is not the end of the body: a server that dies closes its connection, too. Only the last chunk says "that was all" (RFC 9112 §8).',
  wasAccepted,
)
const zeroIsDone = mistake<unknown>(
  'zero-is-done',
  'The size 0 is not the end yet: the trailer section and an empty line come behind it (RFC 9112 §7.1).',
  wasAccepted,
)
const lenientSize = mistake<unknown>(
  'lenient-size',
  'A chunk-size is hexadecimal digits and nothing else. parseInt and Number take more: a sign, blanks, 0x, digits with something behind (RFC 9112 §7.1).',
  wasAccepted,
)

const neverLooksForCrlf = mistake<unknown>(
  'never-looks-for-crlf',
  'You skip two bytes behind the data, whatever they are. They must be CR LF: otherwise the size was wrong, and all that follows is read at the wrong place (RFC 9112 §7.1).',
  wasAccepted,
)

/** The only answer of a table with one row. */
function wasAccepted(got: unknown): boolean {
  return typeof got === 'object' && got !== null && Object.values(got)[0] === 'no error'
}

test('one chunk in one read gives its data', () => {
  expect(outcomeOf(['5\r\nhello\r\n'])).toMean<Read>({ data: 'hello', done: false })
})

test('two chunks in one read give the data of both', () => {
  const expected = { data: 'one two', done: false }
  expect(outcomeOf(['3\r\none\r\n4\r\n two\r\n'])).toMean<Read>(expected, { mistakes: [readIsMessage] })
})

test('the size is hexadecimal, and may begin with zeros', () => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz'
  for (const size of ['1a', '0001a']) {
    const expected = { data: alphabet, done: false }
    expect(outcomeOf([`${size}\r\n${alphabet}\r\n`])).toMean<Read>(expected, { mistakes: [decimalSize] })
  }
})

test('the digits may be capitals', () => {
  expect(outcomeOf(['A\r\n0123456789\r\n'])).toMean<Read>({ data: '0123456789', done: false })
})

test('data may hold CR LF, and what looks like a chunk', () => {
  const data = 'a\r\n0\r\n\r\nb\r\nc' // 12 bytes: c
  expect(outcomeOf([`c\r\n${data}\r\n`])).toMean<Read>({ data, done: false }, { mistakes: [splitsAtCrlf] })
})

test('a chunk of size 0 and an empty line end the body, and what comes behind it is not ours', () => {
  const expected = { data: 'hello', done: true }
  expect(outcomeOf(['5\r\nhello\r\n0\r\n\r\n'])).toMean<Read>(expected, { mistakes: [frozenDone] })
  expect(outcomeOf(['5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n'])).toMean<Read>(expected)
})

test('a size and its data may come in many reads', () => {
  const expected = { data: 'abcdefghijklmnopqrstuvwxyz', done: true }
  const reads = ['1', 'a\r\nabcde', 'fghijklmnopqr', 'stuvwxyz\r\n', '0\r\n\r\n']
  expect(outcomeOf(reads)).toMean<Read>(expected, { mistakes: [forgetsTheRest] })
})

test('a read may end between CR and LF', () => {
  const expected = { data: 'hello', done: true }
  expect(outcomeOf(['5\r', '\nhello\r', '\n0\r\n\r', '\n'])).toMean<Read>(expected, { mistakes: [crlfInOneRead] })
})

test('cut anywhere, it reads the same', () => {
  everyCut<Read>({
    sample: '5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n2\r\n\r\n\r\n0\r\n\r\n',
    run: decode,
    expected: { data: 'helloabcdefghijklmnopqrstuvwxyz\r\n', done: true },
  })
})

test('extensions behind the size are ignored', () => {
  everyCut<Read>({
    sample: '5;name=value;flag\r\nhello\r\n0;last\r\n\r\n',
    run: decode,
    expected: { data: 'hello', done: true },
    mistakes: [extensionInSize],
  })
})

test('trailers behind the last chunk are no data, and the empty line after them ends the body', () => {
  everyCut<Read>({
    sample: '2\r\nhi\r\n0\r\nWords: 1\r\nSum: 5\r\n\r\n',
    run: decode,
    expected: { data: 'hi', done: true },
    mistakes: [noTrailers],
  })
})

test('a stream that ends before the last chunk is Truncated', () => {
  const cuts = ['5\r\nhello\r\n', '5\r\nhello', '5\r\nhel', '5\r\n', '5\r', '']
  expectCode('Truncated', cuts, endIsSuccess)
})

test('a stream that ends between the last chunk and the empty line is Truncated', () => {
  const cuts = ['5\r\nhello\r\n0\r\n', '0\r\nSum: 5\r\n', '0\r\n\r']
  expectCode('Truncated', cuts, zeroIsDone)
})

test('a stream that ends after the body is in order', () => {
  const bodies = ['0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n']
  expectCode('no error', bodies)
})

test('a size that is not hexadecimal digits is Malformed', () => {
  const sizes = ['-5', '0x5', '5 5', '5x', '5,', 'x', '']
  const bodies = sizes.map((size) => `${size}\r\nhello\r\n0\r\n\r\n`)
  expectCode('Malformed', bodies, lenientSize)
})

test('data longer than its size is Malformed', () => {
  const bodies = ['5\r\nhello!\r\n0\r\n\r\n', '5\r\nhello0\r\n\r\n', '5\r\nhelloXX0\r\n\r\n']
  expectCode('Malformed', bodies, neverLooksForCrlf)
})

function endAfter(text: string): void {
  const decoder = createChunkDecoder()
  decoder.push(asBytes(text))
  decoder.end()
}

/** Each text, and then the end of the stream: the code of the error must be this. The first that is wrong is shown. */
function expectCode(wanted: string, texts: readonly string[], ...mistakes: Mistake<unknown>[]): void {
  for (const text of texts) {
    const got = { [text]: codeOf(() => endAfter(text)) }
    expect(got).toMean<unknown>({ [text]: wanted }, { mistakes })
  }
}

function codeOf(act: () => void): string {
  try {
    act()
    return 'no error'
  } catch (error) {
    if (error instanceof Todo) throw error
    return error instanceof Error && 'code' in error ? String(error.code) : `thrown without a code: ${error}`
  }
}
