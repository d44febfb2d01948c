import { type AnswerOptions, answer, type Case, held, latin1, type Reply, response } from './cases.ts'

// Where HTML leaves room, or is not followed by all, this is how we read it. The numbers are those by which the tests of
// this package name a reading.

/** A stream that is come back to at once. */
const stream = (text: string, options?: AnswerOptions): Reply => answer(`retry: 1\n${text}`, options)

/** What is seen of one stream with these messages, and of the 204 behind it. */
const once = (...messages: string[]): string[] => ['open 1', ...messages, 'error 0', 'error 2']

/** One stream, and that it brings these messages. */
function parsed(name: string, text: string, messages: string[], rest: Partial<Case> = {}): Case {
  return { name, replies: [stream(text)], seen: once(...messages), asked: ['/', '/'], ...rest }
}

/** One stream in several reads. */
const inPieces = (...pieces: string[]): Reply => ({
  writes: [response('retry: 1\n', { framing: 'close' }), ...pieces.map(latin1)],
  ending: 'fin',
})

const LAST_EVENT_ID: Case[] = [
  {
    name: 'reading 1: the last event ID outlives its connection, in the request and in events without one',
    replies: [stream('id: 1\ndata: a\n\n'), stream('data: b\n\n'), stream('id: 2\ndata: c\n\n')],
    seen: ['open 1', 'message "a" "1"', 'error 0', ...once('message "b" "1"').slice(0, -1), ...once('message "c" "2"')],
    asked: ['/', '/ id "1"', '/ id "1"', '/ id "2"'],
  },
  {
    name: 'reading 2: an id that is empty takes the header away',
    replies: [stream('id: 1\n\n'), stream('id:\ndata: a\n\n'), stream('id: 1\n\nid\n\n')],
    seen: ['open 1', 'error 0', ...once('message "a" ""').slice(0, -1), ...once()],
    asked: ['/', '/ id "1"', '/', '/'],
  },
  ...['é', '☃ and 🎉', '日本語', 'Ünï\u00a0cödé'].map((id) => ({
    name: `reading 3: the id ${JSON.stringify(id)} goes out as UTF-8`,
    replies: [stream(`id: ${id}\ndata: a\n\n`)],
    seen: once(`message "a" ${JSON.stringify(id)}`),
    asked: ['/', `/ id ${JSON.stringify(id)}`],
  })),
  {
    name: 'reading 4: an id without data moves the last event ID, at its blank line',
    replies: [stream('id: 1\n\n'), stream('id: 2\n'), stream('id: 3\n\nid: 4\n: never ended')],
    seen: [...once().slice(0, -1), ...once().slice(0, -1), ...once()],
    asked: ['/', '/ id "1"', '/ id "1"', '/ id "3"'],
  },
  {
    name: 'reading 4: an id with NUL is ignored',
    replies: [stream('id: 1\n\nid: x\0y\ndata: a\n\nid: \0\n\n')],
    seen: once('message "a" "1"'),
    asked: ['/', '/ id "1"'],
  },
  ...['a\x01b', 'a\x7fb', '\x1b[2J', 'a\x0bb'].map((id) => ({
    name: `reading 16: the id ${JSON.stringify(id)}, which no field can carry, does not keep it from coming back`,
    replies: [stream(`id: ${id}\ndata: a\n\n`), stream('id: 2\n\n')],
    seen: [...once(`message "a" ${JSON.stringify(id)}`).slice(0, -1), ...once()],
    asked: ['/', '/', '/ id "2"'],
  })),
]

const RETRY: Case[] = [
  {
    name: 'reading 5: retry counts when its line is read, in a block that is never dispatched, too',
    replies: [answer('retry: 4\n: never ended'), answer('retry: 5\ndata: never ended')],
    seen: [...once().slice(0, -1), ...once()],
    asked: ['/', '/', '/'],
    times: [4, 5],
  },
  {
    name: 'reading 5: only ASCII digits count, anything else leaves the time as it was',
    replies: ['7', '', '1.5', '-1', '+1', '1e3', ' 5', '5 ', '0x5', '٥', '５', 'soon', '8'].map((value) =>
      answer(`retry: ${value}\n`),
    ),
    seen: [...Array(12).fill(once().slice(0, -1)).flat(), ...once()],
    asked: Array(14).fill('/'),
    times: [...Array(12).fill(7), 8],
  },
  {
    name: 'reading 5: zero is a time',
    replies: [answer('retry: 0\n')],
    seen: once(),
    asked: ['/', '/'],
    times: [0],
  },
]

const PARSING: Case[] = [
  parsed(
    'reading 6: an empty event after a named one is a message',
    'event: a\nevent:\ndata: x\n\n',
    ['message "x" ""'],
    {
      types: ['a'],
    },
  ),
  parsed(
    'reading 6: the last type counts, for one event',
    'event: b\nevent: a\ndata: x\n\ndata: y\n\n',
    ['a "x" ""', 'message "y" ""'],
    {
      types: ['a', 'b'],
    },
  ),
  parsed(
    'reading 7: CR, LF and CRLF end a line, in any mix',
    'data: a\rdata: b\r\ndata: c\n\rdata: d\r\n\rdata: e\r\r',
    ['message "a\\nb\\nc" ""', 'message "d" ""', 'message "e" ""'],
  ),
  {
    name: 'reading 7: a CR ends its line at once, and a LF that comes later belongs to it',
    replies: [inPieces('data: a\r', '\ndata: b\r', '\n\r', '\ndata: c\r', '\r', 'data: d\n\n')],
    seen: once('message "a\\nb" ""', 'message "c" ""', 'message "d" ""'),
    asked: ['/', '/'],
  },
  {
    name: 'reading 7: two CRs end an event, although nothing follows',
    replies: [held('retry: 1\ndata: a\rdata: b\r\r')],
    seen: ['open 1', 'message "a\\nb" ""'],
    asked: ['/'],
    closeAt: 'message',
  },
  parsed(
    'reading 8: one space goes, from the start of the value alone',
    'data:a\ndata: a\ndata:  a\ndata: a \ndata:\ta\n\n',
    ['message "a\\na\\n a\\na \\n\\ta" ""'],
  ),
  parsed('reading 8: a field without a colon has the empty value', 'data\n\ndata\ndata\n\nid\ndata: a\n\n', [
    'message "" ""',
    'message "\\n" ""',
    'message "a" ""',
  ]),
  parsed(
    'reading 8: names are case-sensitive, and others ignored',
    'Data: x\nDATA: x\n data: x\ndata : x\ndatum: x\nfoo\n:data: x\n: comment\ndata: a:b\n\n',
    ['message "a:b" ""'],
  ),
  {
    name: 'reading 9: one BOM goes, a second is part of the first name, and one further on is data',
    replies: [
      answer('\ufeffretry: 1\ndata: a\n\ndata: \ufeffb\n\n\ufeffdata: c\n\n'),
      answer('\ufeff\ufeffdata: never\n\ndata: d\n\n'),
    ],
    seen: [...once('message "a" ""', 'message "\ufeffb" ""').slice(0, -1), ...once('message "d" ""')],
    asked: ['/', '/', '/'],
  },
  {
    name: 'reading 9: a BOM and characters survive any cut',
    replies: [
      {
        writes: [response('', { framing: 'close' }), ...latin1('\ufeffretry: 1\ndata: é€🎉\n\n')],
        ending: 'fin',
      },
    ],
    seen: once('message "é€🎉" ""'),
    asked: ['/', '/'],
  },
  {
    name: 'reading 9: what is not UTF-8 is U+FFFD',
    replies: [
      { writes: [`${response('retry: 1\n', { framing: 'close' })}data: a\xffb\xe2\x82c\xf0\x9f\n\n`], ending: 'fin' },
    ],
    seen: once('message "a\ufffdb\ufffdc\ufffd" ""'),
    asked: ['/', '/'],
  },
  parsed('reading 10: an unfinished block is no event', 'data: a\n\ndata: b\n', ['message "a" ""']),
  parsed('reading 10: a block whose last line has no end is no event', 'data: a\n\ndata: b', ['message "a" ""']),
  parsed(
    'reading 10: an empty data buffer is no event, an empty line of data is one',
    'event: a\n\ndata:\n\ndata:\ndata: b\n\ndata: b\ndata:\n\n',
    ['message "" ""', 'message "\\nb" ""', 'message "b\\n" ""'],
    { types: ['a'] },
  ),
]

const CONNECTING: Case[] = [
  {
    name: 'reading 12: 200 with the type opens, whatever its charset says: the stream is UTF-8',
    replies: [
      stream('data: é\n\n', { fields: ['Content-Type: text/event-stream;charset=utf-8'] }),
      stream('data: é\n\n', { fields: ['Content-Type: Text/Event-Stream; Charset=windows-1252'] }),
    ],
    seen: [...once('message "é" ""').slice(0, -1), ...once('message "é" ""')],
    asked: ['/', '/', '/'],
  },
  {
    name: 'reading 12: 204 ends it, with one error',
    replies: [],
    seen: ['error 2'],
    asked: ['/'],
  },
  {
    name: 'reading 12: another status ends it for good, when it comes back, too',
    replies: [stream('data: a\n\n'), answer('retry: 1\n\ndata: b\n\n', { status: 500 })],
    seen: once('message "a" ""'),
    asked: ['/', '/'],
  },
  {
    name: 'reading 12: another type ends it for good, when it comes back, too',
    replies: [stream('data: a\n\n'), stream('data: b\n\n', { fields: ['Content-Type: text/plain'] })],
    seen: once('message "a" ""'),
    asked: ['/', '/'],
  },
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `reading 12: ${status} is followed, and what comes later begins where it led`,
    replies: [answer('', { status, fields: ['Location: there?x=1'] }), stream('id: 1\ndata: a\n\n'), stream('')],
    seen: [...once('message "a" "1"').slice(0, -1), ...once()],
    asked: ['/', '/there?x=1', '/there?x=1 id "1"', '/there?x=1 id "1"'],
  })),
  {
    name: 'reading 13: a reset inside the body is an error while CONNECTING, and what had arrived is kept',
    replies: [
      {
        writes: [response('retry: 1\nid: 1\ndata: a\n\ndata: b\n', { framing: 'chunked' }).slice(0, -5)],
        ending: 'reset',
        heardBefore: 2,
      },
    ],
    seen: once('message "a" "1"'),
    asked: ['/', '/ id "1"'],
  },
  {
    name: 'reading 13: a cut chunk, a missing last chunk and a short Content-Length are losses, too',
    replies: [
      { writes: [response('retry: 1\n\ndata: 12345\n\n', { framing: 'chunked' }).slice(0, -12)], ending: 'fin' },
      { writes: [response('data: a\n\n', { framing: 'chunked' }).slice(0, -5)], ending: 'fin' },
      { writes: [response('data: b\n\ndata: c\n\n').slice(0, -1)], ending: 'fin' },
    ],
    seen: [...once().slice(0, -1), ...once('message "a" ""').slice(0, -1), ...once('message "b" ""')],
    asked: ['/', '/', '/', '/'],
  },
  {
    name: 'reading 13: a connection that fails before its first answer is tried again',
    replies: [
      { writes: [], ending: 'fin' },
      { writes: [], ending: 'reset' },
      { writes: ['HTTP/1.1 200 X\r\nContent-'], ending: 'fin' },
      stream('data: a\n\n'),
    ],
    seen: ['error 0', 'error 0', 'error 0', ...once('message "a" ""')],
    asked: ['/', '/', '/', '/', '/'],
    times: [3000, 3000, 3000, 1],
  },
]

const CLOSING: Case[] = [
  ...['construction', 'open', 'message', 'tick'].map((closeAt, at) => ({
    name: `reading 14: nothing is heard after a close() at the ${closeAt}, not even what has arrived`,
    replies: [stream('data: a\n\nevent: tick\ndata: b\n\ndata: c\n\nevent: tick\ndata: d\n\n')],
    seen: ['open 1', 'message "a" ""', 'tick "b" ""'].slice(0, at),
    asked: at === 0 ? [] : ['/'],
    types: ['tick'],
    closeAt,
  })),
  {
    name: 'reading 14: a close() at the error is the end of it',
    replies: [stream('data: a\n\n'), stream('data: b\n\n')],
    seen: ['open 1', 'message "a" ""', 'error 0'],
    asked: ['/'],
    closeAt: 'error',
  },
]

export const READING_CASES: readonly Case[] = [...LAST_EVENT_ID, ...RETRY, ...PARSING, ...CONNECTING, ...CLOSING]
