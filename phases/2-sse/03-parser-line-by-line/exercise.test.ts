import { everyCut, expect, type Mistake, mistake, Todo } from '@sse-from-scratch/course'
import { randomFrom } from '@sse-from-scratch/testkit'
import { createParser } from 'eventsource-parser'
import { test } from 'vitest'
import { createSseParser } from '#ex/03-parser-line-by-line'
import type { ParsedEvent } from './contract.ts'

type Heard = readonly ParsedEvent[] | { readonly threw: string }

/** Whether these pieces say what they should. */
function expectHeard(given: readonly string[], expected: Heard, mistakes: readonly Mistake<Heard>[]): void {
  expect(hear(...given)).toMean(expected, { given, mistakes })
}

/** The events of a stream that comes in these pieces. Without `end`, since a stream need not end. */
function hear(...pieces: readonly string[]): Heard {
  const events: ParsedEvent[] = []
  try {
    const parser = createSseParser((event) => events.push(event))
    for (const piece of pieces) parser.push(piece)
    return events
  } catch (error) {
    if (error instanceof Todo) throw error
    return { threw: error instanceof Error ? error.message : String(error) }
  }
}

/** The same from bytes, cut anywhere: characters are put together by the platform, lines by you. */
function hearReads(reads: readonly Uint8Array[]): Heard {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true }) // "ignore" means: leave it in the text
  return hear(...reads.map((read) => utf8.decode(read, { stream: true })))
}

function message(data: string, lastEventId = ''): ParsedEvent {
  return { type: 'message', data, lastEventId }
}

/** The data that was heard, for mistakes to look at. */
function dataOf(got: Heard): string[] {
  return 'threw' in got ? [] : got.map(({ data }) => data)
}

function heard(id: string, why: string, when: (got: Heard) => boolean = () => true) {
  return mistake<Heard>(id, why, (got) => !('threw' in got) && when(got))
}

const readIsEvent = heard(
  'read-is-event',
  'One piece is not one event: TCP joins what was sent apart. Go on until the piece is used up.',
  (got) => dataOf(got).length < 3,
)
const dropsMultiline = heard(
  'drops-multiline',
  'The second `data` field replaced the first. All of them are the data, with LF between them (HTML §9.2.6).',
  (got) => dataOf(got)[0] === 'two',
)
const keepsLastNewline = heard(
  'keeps-last-newline',
  'LF stands BETWEEN the lines of the data. The one behind the last line is taken off before the event is dispatched (HTML §9.2.6).',
  (got) => dataOf(got)[0]?.endsWith('\n') === true,
)
const typeStays = heard(
  'type-stays',
  'The type is for one event. After each empty line it is forgotten, and the next event is a `message` again (HTML §9.2.6). Only the id stays.',
  (got) => !('threw' in got) && got[1]?.type === 'tick',
)
const needsSpace = heard(
  'needs-space-after-colon',
  'The space behind the colon is optional: `data:x` and `data: x` mean the same (HTML §9.2.6).',
  (got) => dataOf(got).length < 2,
)
const trimsAllSpaces = heard(
  'trims-all-spaces',
  'One space behind the colon is removed, and no more (HTML §9.2.6). You took off spaces that belong to the data: words of a text grow together then.',
)
const splitsAtEveryColon = heard(
  'splits-at-every-colon',
  'Only the FIRST colon ends the name. All others belong to the value (HTML §9.2.6), and JSON is full of them.',
)
const needsColon = heard(
  'needs-colon',
  'A line without a colon is a field too: the whole line is its name, and its value is empty (HTML §9.2.6).',
)
const emptyEvent = heard(
  'empty-event',
  'An empty line dispatches an event only when there was a `data` field (HTML §9.2.6). Heartbeats are comments: no event must come of them.',
)
const anyCase = heard(
  'any-case',
  'Names are compared exactly, letter by letter (HTML §9.2.6). `DATA`, and `data` with a space before or behind it, are other names.',
)
const lfOnly = heard(
  'lf-only',
  'You cut lines at LF alone, and the CR before it stayed in your data. CR LF is one line end (HTML §9.2.5).',
)
const splitsOnBlankLine = heard(
  'splits-on-blank-line',
  'You looked for LF LF to end an event. With CR LF, an empty line looks like CR LF CR LF. Cut lines first, then see whether one is empty (HTML §9.2.5).',
)
const noLoneCr = heard(
  'no-lone-cr',
  'CR alone ends a line, too (HTML §9.2.5). Few servers write it, and every browser understands it.',
)
const unicodeLineEnds = heard(
  'unicode-line-ends',
  'CR, LF and CR LF end a line, and nothing else (HTML §9.2.5). U+2028 and its like are characters of the data; models write them.',
)
const keepsBom = heard(
  'keeps-bom',
  'A byte order mark (U+FEFF) at the start of the stream is not part of the first line (HTML §9.2.5). With it, the first field has a name that nobody knows.',
  (got) => dataOf(got)[0] !== 'one',
)
const bomInEveryPiece = heard(
  'bom-in-every-piece',
  'Only one byte order mark is removed, and only at the very start of the stream (HTML §9.2.5). A piece is not a stream.',
)
const flushesAtEnd = heard(
  'flushes-at-end',
  'The stream ended before the empty line: what has come may be half an event. The standard says to discard it (HTML §9.2.6).',
)
const forgetsTheRest = heard(
  'forgets-the-rest',
  'What a piece leaves unfinished you forgot, or took for a whole line. Keep it, and put the next piece behind it.',
)
const crLfIsTwo = heard(
  'cr-lf-is-two',
  'A piece ended between CR and LF. Together they end ONE line; you counted two, and the second one was an empty line. Remember over the cut that the last character was CR.',
)
const waitsAfterCr = heard(
  'waits-after-cr',
  'The CR has ended the line, whatever comes next. You wait to see whether it is a LF; that can take until the next event, so each event is one event late.',
)

test('an empty line ends an event, and the event is heard', () => {
  expectHeard(['data: hello\n\n'], [message('hello')], [keepsLastNewline])
})

test('three events in one piece are three events', () => {
  const expected = [message('one'), message('two'), message('three')]
  expectHeard(['data: one\n\ndata: two\n\ndata: three\n\n'], expected, [readIsEvent])
})

test('what has no end yet waits for the next piece', () => {
  expectHeard(['da', 'ta: hel', 'lo\n', '\nda', 'ta: you\n\n'], [message('hello'), message('you')], [forgetsTheRest])
})

test('several data fields are one text of several lines', () => {
  const stream = 'data: one\ndata: two\n\ndata: \ndata: \ndata: three\n\n'
  expectHeard([stream], [message('one\ntwo'), message('\n\nthree')], [dropsMultiline])
})

test('the type is for one event, the id stays', () => {
  const expected = [
    { type: 'tick', data: 'one', lastEventId: '7' },
    { type: 'message', data: 'two', lastEventId: '7' },
  ]
  expectHeard(['event: tick\nid: 7\ndata: one\n\ndata: two\n\n'], expected, [typeStays])
})

test('an empty type is none, an empty id is one, and an id with NUL is ignored', () => {
  const first = { type: 'message', data: 'one', lastEventId: '7' }
  expectHeard(['event: tick\nevent: \nid: 7\nid: 8\0\ndata: one\n\nid: \ndata: two\n\n'], [first, message('two')], [])
})

test('one space behind the colon is taken off, if there is one', () => {
  expectHeard(['data: one\n\ndata:two\n\n'], [message('one'), message('two')], [needsSpace])
  expectHeard(['data:  one \n\ndata:\ttwo\n\n'], [message(' one '), message('\ttwo')], [trimsAllSpaces])
})

test('the first colon ends the name, others belong to the value', () => {
  const json = '{"at":"12:30","to":{"a":1}}'
  expectHeard([`data: ${json}\n\n`], [message(json)], [splitsAtEveryColon])
})

test('a line without a colon is a field with an empty value', () => {
  expectHeard(['data\n\ndata\ndata\n\n'], [message(''), message('\n')], [needsColon])
})

test('comments and empty lines alone are no events', () => {
  expectHeard([': ping\n\n', 'event: x\n\n', 'data: one\n\n'], [message('one')], [emptyEvent])
})

test('names that the standard does not have are ignored, also in capitals or with spaces', () => {
  expectHeard(['DATA: x\ndata : x\n data: x\nmore: x\nretry: 10\n\ndata: one\n\n'], [message('one')], [anyCase])
})

test('CR LF ends a line as LF does', () => {
  const stream = 'data: one\r\ndata: two\r\n\ndata: three\r\n\n'
  expectHeard([stream], [message('one\ntwo'), message('three')], [lfOnly])
})

test('also an empty line may end in CR LF', () => {
  const stream = 'data: one\r\ndata: two\r\n\r\ndata: three\r\n\r\n'
  expectHeard([stream], [message('one\ntwo'), message('three')], [splitsOnBlankLine])
})

test('CR alone ends a line, also in a mix', () => {
  const stream = 'data: one\rdata: two\r\rdata: three\r\n\n'
  expectHeard([stream], [message('one\ntwo'), message('three')], [noLoneCr])
})

test('no other character ends a line', () => {
  const data = 'a\u2028b\u2029c\u0085d\u000be\u000cf'
  expectHeard([`data: ${data}\n\n`], [message(data)], [unicodeLineEnds])
})

test('a byte order mark at the start of the stream is read past, and only there', () => {
  expectHeard(['\uFEFFdata: one\n\n'], [message('one')], [keepsBom])
  const pieces = ['\uFEFFdata: one\n\n', '\uFEFFdata: not a field\n\n', 'data: ', '\uFEFFtwo\n\n']
  expectHeard(pieces, [message('one'), message('\uFEFFtwo')], [bomInEveryPiece])
})

test('an event is heard when CR ends its empty line, not when the next piece comes', () => {
  expectHeard(['data: one\r\r'], [message('one')], [waitsAfterCr])
  expectHeard(['data: one\r\n\r'], [message('one')], [waitsAfterCr])
})

test('a piece may end between CR and LF', () => {
  const pieces = ['data: one\r', '\ndata: two\r', '', '\n\r', '\ndata: three\r\n\r\n']
  expectHeard(pieces, [message('one\ntwo'), message('three')], [crLfIsTwo])
})

test('half an event at the end of the stream is no event', () => {
  for (const half of ['data: half', 'data: half\n', 'id: 7\r\ndata: half\r']) {
    const events: ParsedEvent[] = []
    const parser = createSseParser((event) => events.push(event))
    parser.push(half)
    parser.end()
    expect(events).toMean<Heard>([], { given: [half], mistakes: [flushesAtEnd] })
  }
})

test('cut anywhere, the stream says the same', () => {
  everyCut<Heard>({
    sample: `\uFEFF: hi\r\nevent: tick\r\nid: 1\r\ndata: {"t":"wö🌍"}\r\n\r\ndata:a\ndata\ndata: b\n\nid\rdata:  c\r\rdata: no end\n`,
    run: hearReads,
    expected: [
      { type: 'tick', data: '{"t":"wö🌍"}', lastEventId: '1' },
      { type: 'message', data: 'a\n\nb', lastEventId: '1' },
      { type: 'message', data: ' c', lastEventId: '' },
    ],
  })
})

test('eventsource-parser hears the same in random streams, cut at random places', () => {
  const random = randomFrom(2003)
  const anyOf = (parts: readonly string[]) => parts[Math.floor(random() * parts.length)] ?? ''
  for (let nth = 0; nth < 300; nth++) {
    const pieces = Array.from({ length: 8 }, () => Array.from({ length: 5 }, () => anyOf(PARTS)).join(''))
    const theirs: { type: string; data: string }[] = []
    const judge = createParser({ onEvent: ({ event, data }) => theirs.push({ type: event || 'message', data }) })
    for (const piece of pieces) judge.feed(piece)
    const got = hear(...pieces)
    const ours = 'threw' in got ? got : got.map(({ type, data }) => ({ type, data }))
    expect({ pieces, events: ours }).toMean({ pieces, events: theirs })
  }
})

const PARTS = ['data', 'data: ', 'event:', 'id', ':', ' ', 'x', 'ö', '{"a":1}', '\n', '\n\n', '\r\n', '\r', 'other']
