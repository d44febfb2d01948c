import { type AnswerOptions, answer, type Case, type Reply, response, TYPE } from './cases.ts'

/** Comes back at once, from any loss. */
const stream = (text: string, options?: AnswerOptions): Reply => answer(`retry: 1\n${text}`, options)

const again = ['open 1', 'error 0']

/** What a first stream does to be over, and to let the second connection be made at once. */
const FIRST = stream('id: 1\ndata: a\n\n')
const FIRST_SEEN = ['open 1', 'message "a" "1"', 'error 0']

const text = (value: string): string => JSON.stringify(value)

/** Every status but 200 fails the connection, at first and later (HTML §9.2.3). Not 1xx, 407 and 421: see `INTERIM`. */
const STATUSES = [
  ...[201, 202, 203, 205, 206, 207, 208, 226, 300, 304, 305, 306, 399],
  ...[
    400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 425, 426, 428,
    429,
  ],
  ...[431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 599],
]

const refusal = (status: number): Reply => {
  const body = status === 205 || status === 304 ? '' : 'retry: 1\ndata: x\n\n' // those two have none
  return answer(body, { status, fields: [TYPE, 'Retry-After: 0'] })
}

const statuses: Case[] = [
  ...STATUSES.map((status) => ({
    name: `status ${status} is the end`,
    ...{ replies: [refusal(status)], seen: ['error 2'], asked: ['/'] },
  })),
  ...[201, 205, 206, 304, 400, 401, 404, 410, 429, 500, 502, 503, 504].map((status) => ({
    name: `status ${status} is the end of a stream that was open`,
    ...{ replies: [FIRST, refusal(status)], seen: [...FIRST_SEEN, 'error 2'], asked: ['/', '/ id "1"'] },
  })),
]

const INTERIM: Case[] = [
  ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['103', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'],
  ['two 103', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n'],
].map(
  ([what, interim]): Case => ({
    name: `${what} in front of the answer is not the answer (RFC 9110 §15.2)`,
    replies: [{ writes: [`${interim}${response('retry: 1\ndata: a\n\n')}`], ending: 'fin' }],
    seen: ['open 1', 'message "a" ""', 'error 0', 'error 2'],
    asked: ['/', '/'],
  }),
)

/** What is `text/event-stream` to Fetch, "extract a MIME type". */
const TYPES = [
  'text/event-stream',
  'TEXT/EVENT-STREAM',
  'text/event-stream;',
  'text/event-stream ;',
  'text/event-stream; charset=utf-8',
  'text/event-stream;charset="UTF-8"',
  'text/event-stream;charset=',
  'text/event-stream;x=bogus',
  'text/event-stream;x="a;b"',
  'text/event-stream; x; y=1;;',
  '\ttext/event-stream\t',
  'text/plain, text/event-stream',
  'text/event-stream, */*',
  'text/event-stream,',
  'text/event-stream;x="a,b"',
]

const OTHER_TYPES = [
  '',
  'text',
  'text/',
  '/event-stream',
  'text/plain',
  'text/event-streams',
  'text/event-stream-x',
  'xtext/event-stream',
  'text/event',
  'text/event stream',
  'text /event-stream',
  'text/ event-stream',
  'text/event-stream x',
  'text/event-stream, text/plain',
  'text/html; text/event-stream',
  'text/plain;x="a, text/event-stream"',
  'application/json',
  'application/x-ndjson',
  '*/*',
  'x bogus',
]

const typed = (type: string): Reply => stream('data: a\n\n', { fields: [`Content-Type: ${type}`] })

const types: Case[] = [
  ...TYPES.map((type) => ({
    name: `type ${text(type)} opens`,
    replies: [typed(type)],
    seen: ['open 1', 'message "a" ""', 'error 0', 'error 2'],
    asked: ['/', '/'],
  })),
  ...OTHER_TYPES.map((type) => ({
    name: `type ${text(type)} is the end`,
    replies: [typed(type)],
    seen: ['error 2'],
    asked: ['/'],
  })),
  { name: 'no type is the end', replies: [stream('', { fields: [] })], seen: ['error 2'], asked: ['/'] },
  {
    name: 'of two Content-Type lines the last counts (Fetch, "extract a MIME type")',
    replies: [
      stream('data: a\n\n', { fields: ['Content-Type: text/plain', TYPE] }),
      stream('data: b\n\n', { fields: [TYPE, 'Content-Type: text/plain'] }),
    ],
    seen: ['open 1', 'message "a" ""', 'error 0', 'error 2'],
    asked: ['/', '/'],
  },
]

const REDIRECTS = [301, 302, 303, 307, 308]
const moved = (status: number, location: string): Reply =>
  answer('moved', { status, fields: [`Location: ${location}`] })

const redirects: Case[] = [
  ...REDIRECTS.flatMap((status): Case[] => [
    {
      name: `${status} to a path, and later ones to where it led`,
      replies: [moved(status, '{here}/b/c?d=e'), FIRST, stream('data: b\n\n')],
      seen: [...FIRST_SEEN, 'open 1', 'message "b" "1"', 'error 0', 'error 2'],
      asked: ['/', '/b/c?d=e', '/b/c?d=e id "1"', '/b/c?d=e id "1"'],
    },
    {
      name: `${status} to another origin, which is the origin of its messages`,
      replies: [moved(status, '{other}/b'), FIRST],
      seen: ['open 1', 'message "a" "1" from the other origin', 'error 0', 'error 2'],
      asked: ['/', 'other /b', 'other /b id "1"'],
    },
    {
      name: `${status} of a connection that comes back keeps the last event ID`,
      replies: [FIRST, moved(status, 'b'), stream('data: b\n\n')],
      seen: [...FIRST_SEEN, 'open 1', 'message "b" "1"', 'error 0', 'error 2'],
      asked: ['/', '/ id "1"', '/b id "1"', '/b id "1"'],
    },
    {
      name: `${status} to a refusal is the end`,
      replies: [moved(status, 'b'), answer('x', { status: 404, fields: [] })],
      seen: ['error 2'],
      asked: ['/', '/b'],
    },
    { name: `${status} to a 204 is the end`, replies: [moved(status, 'b')], seen: ['error 2'], asked: ['/', '/b'] },
    {
      name: `${status} without a Location is the end`,
      replies: [answer('x', { status })],
      seen: ['error 2'],
      asked: ['/'],
    },
  ]),
  {
    name: 'a chain of redirects, there and back',
    replies: [moved(301, 'b'), moved(307, '{other}/c'), moved(302, '{here}/d'), moved(308, './e'), FIRST],
    seen: [...FIRST_SEEN, 'error 2'],
    asked: ['/', '/b', 'other /c', '/d', '/e', '/e id "1"'],
  },
  {
    name: 'twenty redirects (Fetch §4.4)',
    replies: [...Array.from({ length: 20 }, (_, at) => moved(302, `./${at}`)), FIRST],
    seen: [...FIRST_SEEN, 'error 2'],
    asked: ['/', ...Array.from({ length: 20 }, (_, at) => `/${at}`), '/19 id "1"'],
  },
]

const CHUNKED = response('retry: 1\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n', { framing: 'chunked' })
const SIZED = response('retry: 1\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n')
const CLOSED = response('retry: 1\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n', { framing: 'close' })
const BODY = CLOSED.indexOf('\r\n\r\n') + 4

/** Where a second connection ends, and how many of its two events are heard. The first has taught everybody to be quick. */
const CUTS: [what: string, bytes: string, events: 'nothing' | 0 | 1 | 2][] = [
  ['before the status line', '', 'nothing'],
  ['in the status line', 'HTTP/1.1 2', 'nothing'],
  ['in the head', CHUNKED.slice(0, CHUNKED.indexOf('Content-Type') + 9), 'nothing'],
  ['before the end of the head', CHUNKED.slice(0, CHUNKED.indexOf('\r\n\r\n') + 2), 'nothing'],
  ['behind the head', CHUNKED.slice(0, CHUNKED.indexOf('\r\n\r\n') + 4), 0],
  ['in the chunk-size', CHUNKED.slice(0, CHUNKED.indexOf('\r\n\r\n') + 5), 0],
  ['in the first event', CHUNKED.slice(0, CHUNKED.indexOf('data: a') + 6), 0],
  ['before the empty line', CHUNKED.slice(0, CHUNKED.indexOf('data: a\n') + 8), 0],
  ['behind the empty line', CHUNKED.slice(0, CHUNKED.indexOf('data: a\n\n') + 9), 1],
  ['in the id of the second event', CHUNKED.slice(0, CHUNKED.indexOf('id: 2') + 5), 1],
  ['behind the data of the chunk', CHUNKED.slice(0, -7), 2],
  ['in the CRLF of the chunk', CHUNKED.slice(0, -6), 2],
  ['before the last chunk', CHUNKED.slice(0, -5), 2],
  ['in the last chunk', CHUNKED.slice(0, -3), 2],
  ['before the last CRLF', CHUNKED.slice(0, -2), 2],
  ['one byte short of Content-Length', SIZED.slice(0, -1), 1],
  ['far short of Content-Length', SIZED.slice(0, SIZED.indexOf('data: a\n\n') + 9), 1],
  ['of a body without framing', CLOSED.slice(0, CLOSED.indexOf('data: a\n\n') + 9), 1],
  ['behind the head of a body without framing', CLOSED.slice(0, BODY), 0],
]

const cuts: Case[] = CUTS.flatMap(([what, bytes, events]) => {
  const heard = events === 'nothing' ? 0 : events
  const messages = ['message "a" "1"', 'message "b" "2"'].slice(0, heard)
  const id = ['"0"', '"1"', '"2"'][heard]
  const before = events === 'nothing' ? again : [...again, 'open 1', ...messages]
  const awaited = before === again ? {} : { heardBefore: before.length }
  return (['fin', 'reset'] as const).map((ending) => ({
    name: `a ${ending === 'fin' ? 'FIN' : 'reset'} ${what} is a loss, and ${heard} events are kept`,
    replies: [stream('id: 0\n\n'), { writes: bytes === '' ? [] : [bytes], ending, ...awaited }, stream('data: c\n\n')],
    seen: [...before, 'error 0', 'open 1', `message "c" ${id}`, 'error 0', 'error 2'],
    asked: ['/', '/ id "0"', `/ id ${id}`, `/ id ${id}`],
  }))
})

/** What becomes of an id in the next request. Blanks around a value are not part of it (RFC 9110 §5.5). */
const IDS: [line: string, event: string, sent: string | undefined][] = [
  ['id: 1', '1', '1'],
  ['id:1', '1', '1'],
  ['id:  1', ' 1', '1'],
  ['id: 1 ', '1 ', '1'],
  ['id: a\tb', 'a\tb', 'a\tb'],
  ['id', '', undefined],
  ['id:', '', undefined],
  ['id: ', '', undefined],
  ['id: 0', '0', '0'],
  ['id: -1', '-1', '-1'],
  ['id: a:b: c', 'a:b: c', 'a:b: c'],
  ['id: "a", b; c=d', '"a", b; c=d', '"a", b; c=d'],
  ['id: <%20>&amp;', '<%20>&amp;', '<%20>&amp;'],
  ['id: null', 'null', 'null'],
  ['id: ünï', 'ünï', 'ünï'],
  ['id: \u0080\u00ff', '\u0080\u00ff', '\u0080\u00ff'],
  ['id: 漢字', '漢字', '漢字'],
  ['id: 👩‍👩‍👧', '👩‍👩‍👧', '👩‍👩‍👧'],
  ['id: \ufeff', '\ufeff', '\ufeff'],
  ['id: \u2028', '\u2028', '\u2028'],
  ['id: \ufffd', '\ufffd', '\ufffd'],
  [`id: ${'x'.repeat(4000)}`, 'x'.repeat(4000), 'x'.repeat(4000)],
  ['id: 1\nid: 2', '2', '2'],
  ['id: 1\nid', '', undefined],
  ['id: 1\nid: \0', '1', '1'],
  ['ID: 1', '', undefined],
  ['id : 1', '', undefined],
  [' id: 1', '', undefined],
  [':id: 1', '', undefined],
  ['id: a\x01', 'a\x01', undefined],
  ['id: a\x1f', 'a\x1f', undefined],
  ['id: \x7f', '\x7f', undefined],
]

const ids: Case[] = IDS.flatMap(([line, event, sent]) => {
  const next = sent === undefined ? '/' : `/ id ${text(sent)}`
  const name = text(line.slice(0, 30))
  return [
    {
      name: `${name} with data is ${sent === undefined ? 'not sent' : 'sent'}`,
      replies: [stream(`${line}\ndata: a\n\n`)],
      seen: ['open 1', `message "a" ${text(event)}`, 'error 0', 'error 2'],
      asked: ['/', next],
    },
    {
      name: `${name} without data is ${sent === undefined ? 'not sent' : 'sent'}`,
      replies: [stream(`${line}\n\n`)],
      seen: [...again, 'error 2'],
      asked: ['/', next],
    },
  ]
})

const UNFINISHED: Case[] = ['id: 1', 'id', 'id: é', 'id: a\x01', 'id: \0'].map((line) => ({
  name: `${text(line)} in a block that never ended is not sent`,
  replies: [stream(`id: old\n\n${line}\ndata: a\n`)],
  seen: [...again, 'error 2'],
  asked: ['/', '/ id "old"'],
}))

const RETRIES: [line: string, time: number][] = [
  ['retry: 0', 0],
  ['retry:1', 1],
  ['retry: 0010', 10],
  ['retry: 86400000', 86_400_000],
  ['retry: 2147483647', 2_147_483_647],
  ['retry: 1\nretry: 2', 2],
  ['retry: 1\n\nretry: x\n', 1],
  ...[
    '',
    ' ',
    '1.0',
    '-5',
    '+5',
    '1e3',
    '0x10',
    ' 5',
    '5 ',
    '5s',
    '1_000',
    '٣',
    '１',
    'NaN',
    'Infinity',
    '5\0',
    '\t5',
  ].map((value): [string, number] => [`retry: ${value}`, 3000]),
  ['retry', 3000],
  ['Retry: 5', 3000],
  ['data: x\nretry : 5', 3000],
]

const retries: Case[] = RETRIES.map(([line, time]) => ({
  name: `${text(line)} makes the reconnection time ${time}`,
  replies: [answer(`${line}\n`)],
  seen: [...again, 'error 2'],
  asked: ['/', '/'],
  times: [time],
}))

const BEFORE_CLOSE = ['open 1', 'message "a" "1"', 'tick "b" "1"', 'message "c" "1"', 'error 0']

/** Everything arrives at once; what is not heard yet when close() is called never is. */
const closes: Case[] = (['length', 'chunked', 'close'] as const).flatMap((framing) => {
  const reply = stream('id: 1\ndata: a\n\nevent: tick\ndata: b\n\ndata: c\n\n', { framing })
  const failed: Reply = { writes: ['HTTP/1.1 200 X\r\n'], ending: 'fin' }
  const heardUntil = (closeAt: string) =>
    BEFORE_CLOSE.slice(0, BEFORE_CLOSE.findIndex((one) => one.startsWith(closeAt)) + 1)
  const common = { types: ['tick'], times: [] }
  return [
    {
      name: `close() behind the constructor is before all that is framed by ${framing}`,
      ...{ ...common, replies: [reply], seen: [], asked: [], closeAt: 'construction' },
    },
    ...['open', 'message', 'tick', 'error'].map((closeAt) => ({
      name: `close() at ${closeAt} of what is framed by ${framing} is the last that is heard`,
      ...{ ...common, replies: [reply, reply], seen: heardUntil(closeAt), asked: ['/'], closeAt },
      times: closeAt === 'error' ? [1] : [],
    })),
    ...['open', 'message', 'tick'].map((closeAt) => ({
      name: `close() at ${closeAt} of a second connection, framed by ${framing}, is the last that is heard`,
      ...{
        ...common,
        replies: [failed, reply, reply],
        seen: ['error 0', ...heardUntil(closeAt)],
        asked: ['/', '/'],
        closeAt,
      },
      times: [3000],
    })),
  ]
})

export const CONNECTION_CASES: readonly Case[] = [
  ...statuses,
  ...INTERIM,
  ...types,
  ...redirects,
  ...cuts,
  ...ids,
  ...UNFINISHED,
  ...retries,
  ...closes,
]
