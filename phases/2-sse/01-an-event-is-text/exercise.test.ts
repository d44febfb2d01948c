import { asBytes, asText, expect, mistake } from '@sse-from-scratch/course'
import { createParser } from 'eventsource-parser'
import { test } from 'vitest'
import { encodeEvent } from '#ex/01-an-event-is-text'
import type { SseEvent } from './contract.ts'

/** What goes on the wire for an event. */
function sent(event: SseEvent): Uint8Array {
  const text: unknown = encodeEvent(event)
  expect(typeof text).toMean('string')
  return asBytes(text as string)
}

const noBlankLine = mistake(
  'no-blank-line',
  'An empty line ends the event. Until it comes, the client collects lines and dispatches nothing (HTML §9.2.6).',
  (got) => asText(got) === 'data: hello\n',
)
const jsonData = mistake(
  'json-data',
  'You wrote the text as JSON. Data is text as it is: what it means is for the sender and the receiver to agree on (HTML §9.2.5).',
  (got) => asText(got).includes('"hello"'),
)
const noSpace = mistake(
  'no-space',
  'Behind the colon comes one space, and the client removes it. Without yours, it would remove a space of the data itself (HTML §9.2.6).',
  (got) => asText(got).startsWith('data:hello'),
)
const rawNewline = mistake(
  'raw-newline',
  'A line break in the data ended the field. Behind it stands a line that is no field of SSE: the client ignores it. Each line of data needs a `data:` of its own (HTML §9.2.5).',
  (got) => asText(got).includes('\ntwo'),
)
const skipsEmptyLines = mistake(
  'skips-empty-lines',
  'You left out the empty lines of the data. Each is a `data:` with nothing behind it; otherwise the text arrives without them.',
  () => true,
)
const splitsAtLfOnly = mistake(
  'splits-at-lf-only',
  'CR alone ends a line too, for every receiver (HTML §9.2.5). What stands behind it in your data is read as a field of its own.',
  (got) => asText(got).includes('\r'),
)
const falsyIsAbsent = mistake(
  'falsy-is-absent',
  'An empty text and the number 0 are values. You treated them as absent: `if (id)` is not `if (id !== undefined)`. An empty id makes a client forget its last one (HTML §9.2.6).',
  () => true,
)
const commentInOneLine = mistake(
  'comment-in-one-line',
  'A comment ends with its line. What stands behind a line break in it is read as a field: every line of a comment begins with a colon (HTML §9.2.5).',
  () => true,
)
const trustsNames = mistake<unknown>(
  'trusts-names',
  'A line break in `id` or `event` ends the field, and the rest is a new field: whoever chooses the id can forge an event. Refuse it before anything is sent.',
  (got) => typeof got === 'string' && got.includes('\ndata: forged'),
)
const refusesLfOnly = mistake<unknown>(
  'refuses-lf-only',
  'CR alone ends a line as well (HTML §9.2.5). With it, an id can forge an event just as with LF.',
  (got) => typeof got === 'string' && got.includes('\r'),
)
const stripsLineBreaks = mistake<unknown>(
  'strips-line-breaks',
  'You sent another id than you were given. The client comes back with it, and nobody knows that id. Refuse it instead.',
  (got) => typeof got === 'string',
)
const nulInId = mistake<unknown>(
  'nul-in-id',
  'A client ignores an id that holds NUL (HTML §9.2.6). It keeps an older id, comes back with it, and hears events twice.',
  () => true,
)
const anyRetry = mistake<unknown>(
  'any-retry',
  'A client takes `retry` only when it is digits and nothing else, and ignores everything else in silence (HTML §9.2.6).',
  () => true,
)

test('an event is a data line and an empty line', () => {
  expect(sent({ data: 'hello' })).toBeBytes('data: hello\n\n', {
    as: 'event-stream',
    mistakes: [noBlankLine, jsonData, noSpace],
  })
})

test('name, id and reconnection time have lines of their own', () => {
  const event = { event: 'token', id: '7', retry: 3000, data: 'hello' }
  expect(sent(event)).toBeBytes('event: token\nid: 7\nretry: 3000\ndata: hello\n\n', { as: 'event-stream' })
})

test('each line of the data is a field of its own', () => {
  expect(sent({ data: 'one\ntwo' })).toBeBytes('data: one\ndata: two\n\n', {
    as: 'event-stream',
    mistakes: [rawNewline],
  })
})

test('empty lines of the data are kept, and spaces at the start of a line', () => {
  expect(sent({ data: 'one\n\n  three\n' })).toBeBytes('data: one\ndata: \ndata:   three\ndata: \n\n', {
    as: 'event-stream',
    mistakes: [skipsEmptyLines],
  })
})

test('CR and CR LF end a line of the data as LF does', () => {
  expect(sent({ data: 'one\rtwo\r\nthree' })).toBeBytes('data: one\ndata: two\ndata: three\n\n', {
    as: 'event-stream',
    mistakes: [splitsAtLfOnly],
  })
})

test('empty data, an empty id and a retry of 0 are sent', () => {
  expect(sent({ id: '', retry: 0, data: '' })).toBeBytes('id: \nretry: 0\ndata: \n\n', {
    as: 'event-stream',
    mistakes: [falsyIsAbsent],
  })
})

test('each line of a comment begins with a colon, and a comment alone is no event', () => {
  expect(sent({ comment: 'still here' })).toBeBytes(': still here\n\n', { as: 'event-stream' })
  expect(sent({ comment: 'one\ndata: two\rid: 3', data: 'hello' })).toBeBytes(
    ': one\n: data: two\n: id: 3\ndata: hello\n\n',
    { as: 'event-stream', mistakes: [commentInOneLine] },
  )
})

test('a line break in an id or a name is refused', async () => {
  for (const bad of ['1\ndata: forged\n\n', '1\rdata: forged', '1\r\n']) {
    const explanation = { mistakes: [refusesLfOnly, trustsNames, stripsLineBreaks] }
    await expect(() => encodeEvent({ id: bad, data: 'hello' })).toRefuse(undefined, explanation)
    await expect(() => encodeEvent({ event: bad, data: 'hello' })).toRefuse(undefined, explanation)
  }
})

test('NUL in an id is refused', async () => {
  await expect(() => encodeEvent({ id: '1\u00002', data: 'hello' })).toRefuse(undefined, { mistakes: [nulInId] })
})

test('a retry that is no whole number of milliseconds is refused', async () => {
  for (const retry of [1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])
    await expect(() => encodeEvent({ retry, data: 'hello' })).toRefuse(undefined, { mistakes: [anyRetry] })
})

test('eventsource-parser reads what you write', () => {
  const texts = ['', ' a', 'a\nb', '\n', '\n\n', 'data: x', ': x', '{"text":"wörld 🌍"}', '\u2028']
  const stream = texts
    .map((data, nth) => encodeEvent({ event: `e${nth}`, id: `${nth}`, data, comment: 'x\ny' }))
    .join('')
  const read: unknown[] = []
  createParser({ onEvent: (event) => read.push(event) }).feed(stream)
  expect(read).toMean(texts.map((data, nth) => ({ id: `${nth}`, event: `e${nth}`, data })))
})
