import { asBytes, asText, everyCut, expect, mistake, Todo } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { parseRequestHead } from '#ex/06-read-a-request'
import type { RequestHead } from './contract.ts'

type Fields = RequestHead['fields']

const readIsMessage = mistake<string>(
  'read-is-message',
  'The head is not whole yet, and you judged it already. Until the empty line (CR LF CR LF) has come, more fields may follow: say `done: false`.',
  (got) => got !== 'not done',
)
const keepsCase = mistake<Fields>(
  'keeps-case',
  'The case of a field name means nothing: `HOST`, `Host` and `host` are one field (RFC 9110 §5.1). Hand names out in small letters.',
  (got) => got.some(([name]) => name !== name.toLowerCase()),
)
const cutsAtEveryColon = mistake<Fields>(
  'cuts-at-every-colon',
  'Only the first colon ends the name. The value may hold as many as it likes: a port, a time, a URL (RFC 9112 §5).',
  (got) => got.some(([, value]) => value === '127.0.0.1'),
)
const keepsBlanks = mistake<Fields>(
  'keeps-blanks',
  'The blanks and tabs around a value do not belong to it (RFC 9112 §5.1). `5 ` with a blank is not the number that others see.',
  (got) => got.some(([, value]) => value !== value.trim()),
)
const lastWins = mistake<Fields>(
  'last-wins',
  'A name may come more than once, and the order counts (RFC 9110 §5.3). In an object or a Map, the last one hides those before it.',
  (got) => got.length < 4,
)
const dropsTheRest = mistake(
  'drops-the-rest',
  'The bytes behind the empty line are the body, or the next request. They came in the same read, and will not come again: hand them out as `rest`.',
  (got) => got.length === 0,
)
const charsNotBytes = mistake(
  'chars-not-bytes',
  'You looked for the end in a UTF-8 text, and cut the bytes at that place. `ö` is one character and two bytes: behind it, the two count differently.',
  (got) => asText(got) !== 'hello' && asText(got).endsWith('hello'),
)
const trimsNames = mistake<unknown>(
  'trims-names',
  'A blank before the colon must be refused with 400 (RFC 9112 §5.1). A proxy in front of you may see no Content-Length there, and you see one: so requests are smuggled.',
  (got) => isTaken(got, 'Host : a'),
)
const anyBlanks = mistake<unknown>(
  'any-blanks',
  'One blank stands between the parts of a request-line, and there are three parts (RFC 9112 §3). Who cuts at any number of blanks takes what others read differently.',
  (got) => isTaken(got, 'GET  /'),
)
const lfIsEnough = mistake<unknown>(
  'lf-is-enough',
  'You took LF alone for the end of a line. A proxy that does not sees one field where you see two: the second was never checked (RFC 9112 §2.2).',
  (got) => isTaken(got, 'a\nX'),
)
const anyHost = mistake<unknown>(
  'any-host',
  'A request of HTTP/1.1 has exactly one Host. Without it, or with two, a server MUST answer 400 (RFC 9112 §3.2): otherwise two readers see two sites.',
  (got) => isTaken(got, 'Accept: */*') || isTaken(got, 'Host: b'),
)

test('the three parts of a request-line', () => {
  const { method, target, version } = headOf('GET /events?prompt=hello HTTP/1.1\r\nhost: a\r\n\r\n')
  expect({ method, target, version }).toMean({ method: 'GET', target: '/events?prompt=hello', version: '1.1' })
})

test('without the empty line it is no head yet', () => {
  const parts = [
    '',
    'GET / HT',
    'GET / HTTP/1.1\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\n\r',
  ]
  for (const part of parts) expect(outcomeOf(part)).toMean('not done', { given: part, mistakes: [readIsMessage] })
})

test('field names in any case are the same name', () => {
  const { fields } = headOf('GET / HTTP/1.1\r\nHost: a\r\nACCEPT: b\r\n\r\n')
  const expected: Fields = [
    ['host', 'a'],
    ['accept', 'b'],
  ]
  expect(fields).toMean<Fields>(expected, { mistakes: [keepsCase] })
})

test('a value may have colons', () => {
  const { fields } = headOf('GET / HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n\r\n')
  expect(fields).toMean<Fields>([['host', '127.0.0.1:8080']], { mistakes: [cutsAtEveryColon] })
})

test('the blanks around a value are not part of it', () => {
  const { fields } = headOf('GET / HTTP/1.1\r\nhost:a\r\nx: \t b c \t\r\ny:\r\n\r\n')
  const expected: Fields = [
    ['host', 'a'],
    ['x', 'b c'],
    ['y', ''],
  ]
  expect(fields).toMean<Fields>(expected, { mistakes: [keepsBlanks] })
})

test('a name that comes twice is there twice, in order', () => {
  const { fields } = headOf('GET / HTTP/1.1\r\nhost: a\r\nCookie: b=1\r\naccept: c\r\ncookie: d=2\r\n\r\n')
  const expected: Fields = [
    ['host', 'a'],
    ['cookie', 'b=1'],
    ['accept', 'c'],
    ['cookie', 'd=2'],
  ]
  expect(fields).toMean<Fields>(expected, { mistakes: [lastWins] })
})

test('what comes behind the empty line is the rest', () => {
  const rest = restOf('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello')
  expect(rest).toBeBytes('hello', { as: 'bytes', mistakes: [dropsTheRest] })
})

test('the rest begins at the right byte, whatever the fields hold', () => {
  const rest = restOf('POST / HTTP/1.1\r\nhost: a\r\nx-name: Jörg €\r\n\r\nhello')
  expect(rest).toBeBytes('hello', { as: 'bytes', mistakes: [charsNotBytes] })
})

test('the rest may be any bytes, an empty line included', () => {
  const body = Uint8Array.of(0xff, 0x00, 0x0d, 0x0a, 0x0d, 0x0a, 0xc3)
  const bytes = asBytes(['POST / HTTP/1.1\r\nhost: a\r\n\r\n', body])
  const parsed = parseRequestHead(bytes)
  expect(parsed.done ? parsed.rest : asBytes('not done')).toBeBytes(body, { as: 'bytes' })
})

test('cut anywhere, it reads the same', () => {
  const expected = {
    method: 'POST',
    target: '/echo',
    version: '1.1',
    fields: [
      ['host', 'example.com'],
      ['content-length', '5'],
    ],
    body: 'hello',
  }
  everyCut<unknown>({
    sample: 'POST /echo HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello',
    run,
    expected,
  })
})

test('a request-line that is none is a BadRequest', () => {
  for (const line of [
    'GET  / HTTP/1.1',
    'GET /',
    'GET / HTTP/1.1 ',
    ' GET / HTTP/1.1',
    'GE\u0000T / HTTP/1.1',
    'GET / http/1.1',
  ])
    refuses(`${line}\r\nHost: a\r\n\r\n`)
})

test('a field-line that is none is a BadRequest', () => {
  for (const line of [
    'Host : a',
    'Host: a\nX: b',
    'Host: a\r\n folded',
    'Host: a\r\nno colon',
    'Host: a\u0000b',
    'Host: a\r\n: b',
    'Host: a\r\n X: b',
  ])
    refuses(`GET / HTTP/1.1\r\n${line}\r\n\r\n`)
})

test('a request of HTTP/1.1 has exactly one Host', () => {
  refuses('GET / HTTP/1.1\r\nAccept: */*\r\n\r\n')
  refuses('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')
  expect(outcomeOf('GET / HTTP/1.0\r\n\r\n')).toMean('done')
})

function headOf(text: string): RequestHead {
  const parsed = parseRequestHead(asBytes(text))
  if (!parsed.done) expect('done: false').toMean('done: true', { given: text })
  return (parsed as { head: RequestHead }).head
}

function restOf(text: string): Uint8Array {
  const parsed = parseRequestHead(asBytes(text))
  return parsed.done ? parsed.rest : asBytes('(not done)')
}

/** `done`, `not done`, or the code of the error. */
function outcomeOf(text: string): string {
  try {
    return parseRequestHead(asBytes(text)).done ? 'done' : 'not done'
  } catch (error) {
    if (error instanceof Todo) throw error
    return error instanceof Error && 'code' in error ? String(error.code) : `thrown without a code: ${error}`
  }
}

function refuses(text: string): void {
  const mistakes = [anyBlanks, trimsNames, lfIsEnough, anyHost]
  expect<unknown>({ [text]: outcomeOf(text) }).toMean<unknown>({ [text]: 'BadRequest' }, { mistakes })
}

function isTaken(got: unknown, part: string): boolean {
  return Object.entries(got as Record<string, string>).some(([text, end]) => end === 'done' && text.includes(part))
}

/** As a server does: keeps what has come, and asks again with each read. What comes later belongs to the body. */
function run(reads: readonly Uint8Array[]): unknown {
  let came: Uint8Array = new Uint8Array(0)
  for (const [nth, read] of reads.entries()) {
    came = asBytes([came, read])
    const parsed = parseRequestHead(came)
    if (parsed.done) return { ...parsed.head, body: asText(asBytes([parsed.rest, ...reads.slice(nth + 1)])) }
  }
  return 'never done'
}
