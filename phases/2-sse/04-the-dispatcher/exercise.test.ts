import { expect, type Mistake, mistake } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { createDispatcher } from '#ex/04-the-dispatcher'
import type { Field } from './contract.ts'

/** What was heard, one text for each listener that was called: `tick: tick #7 "one"` is what a listener for `tick` heard. */
type Heard = readonly string[]

/** Pushes lines, with listeners for `message`, `tick`, `tock` and the empty name. */
function hear(lines: readonly string[]): { readonly heard: Heard; readonly lastEventId: string } {
  const dispatcher = createDispatcher()
  const heard: string[] = []
  for (const name of ['message', 'tick', 'tock', ''])
    dispatcher.on(name, ({ type, data, lastEventId }) => heard.push(`${name}: ${type} #${lastEventId} "${data}"`))
  for (const line of lines) dispatcher.push(fieldOf(line))
  return { heard, lastEventId: dispatcher.lastEventId }
}

function fieldOf(line: string): Field {
  const [, name = '', value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? []
  return line === '' ? { kind: 'empty-line' } : { kind: 'field', name, value }
}

/** Whether these lines say what they should. */
function expectHeard(given: readonly string[], expected: Heard, ...mistakes: readonly Mistake<Heard>[]): void {
  expect<Heard>(hear(given).heard).toMean(expected, { given, mistakes })
}

/** Whether the last event ID is this one, behind these lines. */
function expectLastId(given: readonly string[], expected: string, ...mistakes: readonly Mistake<Heard>[]): void {
  const { lastEventId } = hear(given)
  expect<Heard>([`lastEventId: ${lastEventId}`]).toMean([`lastEventId: ${expected}`], { given, mistakes })
}

function known(id: string, why: string, when: (got: Heard) => boolean = () => true): Mistake<Heard> {
  return mistake<Heard>(id, why, when)
}

const messageHearsAll = known(
  'message-hears-all',
  'An event with a name goes to those who listen for that name, and to nobody else. `message` is what events without a name are called (HTML §9.2.6).',
  (heard) => heard.length > 1,
)
const noDefaultType = known(
  'no-default-type',
  'An event without a name has the type `message` (HTML §9.2.6). Nobody listens for a type that is empty.',
  (heard) => !heard.some((text) => text.startsWith('message: message')),
)
const emptyType = known(
  'empty-type',
  'An empty `event` field is the same as none: the type is `message` (HTML §9.2.6). `??` looks for undefined; an empty text is not undefined.',
)
const typeStays = known(
  'type-stays',
  'The type belongs to one event. Behind the empty line it is forgotten (HTML §9.2.6).',
)
const dropsMultiline = known(
  'drops-multiline',
  'The second `data` field replaced the first. All of them are the data, with LF between them (HTML §9.2.6).',
  ([first]) => first?.includes('"two"') === true,
)
const keepsLastNewline = known(
  'keeps-last-newline',
  'LF stands BETWEEN the lines of the data. The last one is taken off before the event is dispatched (HTML §9.2.6).',
  ([first]) => first?.includes('\n"') === true,
)
const dropsFirstEmptyLine = known(
  'drops-first-empty-line',
  'Data that begins with an empty line lost it. Empty data and no data are two things: keep the lines in a list, and join them at the end.',
)
const emptyDataIsNone = known(
  'empty-data-is-none',
  'An event with an empty `data` field is an event, and its data is the empty text. Only an event without any `data` field is none (HTML §9.2.6).',
)
const emptyEvent = known(
  'empty-event',
  'There was no `data` field, so there is no event (HTML §9.2.6). Servers use such lines to move the id, or to change the reconnection time.',
)
const idNotKept = known(
  'id-not-kept',
  'The id is not for one event: it stays until another one comes. An event without an id has the last one there was (HTML §9.2.6).',
)
const emptyIdIgnored = known(
  'empty-id-ignored',
  'An empty id is an id: it makes the client forget the last one, and come back without any (HTML §9.2.6).',
)
const nulInId = known(
  'nul-in-id',
  'An id with NUL in it is ignored, and the one before it stays (HTML §9.2.6). NUL cannot stand in a header field.',
)
const idNeedsData = known(
  'id-needs-data',
  'The empty line sets the last event ID in any case, also when no event is dispatched (HTML §9.2.6).',
)
const idAtOnce = known(
  'id-at-once',
  'The last event ID changes at the empty line, not before (HTML §9.2.6). If the stream breaks inside of an event, the client must not say that it has heard it.',
)

test('an event without a name is a message', () => {
  expectHeard(['data: hello', ''], ['message: message # "hello"'], noDefaultType, keepsLastNewline)
})

test('an event with a name is heard by those who listen for it, and by nobody else', () => {
  expectHeard(['event: tick', 'data: 12:30', ''], ['tick: tick # "12:30"'], messageHearsAll)
})

test('a name that nobody listens for is heard by nobody', () => {
  expectHeard(['event: Tick', 'data: x', '', 'event: toString', 'data: x', ''], [])
})

test('the name is forgotten behind the event', () => {
  const lines = ['event: tick', 'data: 1', '', 'data: 2', '']
  expectHeard(lines, ['tick: tick # "1"', 'message: message # "2"'], typeStays)
})

test('an empty name is none, and the last name counts', () => {
  expectHeard(['event: tick', 'event:', 'data: 1', ''], ['message: message # "1"'], emptyType)
  expectHeard(['event: tick', 'event: tock', 'data: 1', ''], ['tock: tock # "1"'])
})

test('all lines of the data are the data, with LF between them', () => {
  const lines = ['data: one', 'data: two', '']
  expectHeard(lines, ['message: message # "one\ntwo"'], dropsMultiline, keepsLastNewline)
})

test('empty lines of the data are kept, at its start too', () => {
  expectHeard(['data:', 'data: two', 'data:', ''], ['message: message # "\ntwo\n"'], dropsFirstEmptyLine)
})

test('an empty data field is data', () => {
  expectHeard(['data:', ''], ['message: message # ""'], emptyDataIsNone)
})

test('without a data field there is no event, and the name is forgotten all the same', () => {
  const lines = ['', 'retry: 10', '', 'event: tick', '', 'data: 1', '', '']
  expectHeard(lines, ['message: message # "1"'], emptyEvent)
})

test('the id goes with the event, and stays for those that follow', () => {
  const lines = ['id: 7', 'data: 1', '', 'data: 2', '', 'event: tick', 'data: 3', '']
  const expected = ['message: message #7 "1"', 'message: message #7 "2"', 'tick: tick #7 "3"']
  expectHeard(lines, expected, idNotKept)
  expectLastId(lines, '7', idNotKept)
})

test('an empty id makes the client forget the last one', () => {
  const lines = ['id: 7', 'data: 1', '', 'id:', 'data: 2', '']
  expectHeard(lines, ['message: message #7 "1"', 'message: message # "2"'], emptyIdIgnored)
  expectLastId(lines, '', emptyIdIgnored)
})

test('an id with NUL in it is ignored', () => {
  expectHeard(['id: 7', 'id: 8\0', 'data: 1', ''], ['message: message #7 "1"'], nulInId)
})

test('the last event ID moves at the empty line, also when there is no event', () => {
  expectLastId(['id: 7', 'data: 1', '', 'id: 8', ''], '8', idNeedsData)
})

test('the last event ID does not move before the empty line', () => {
  expectLastId(['id: 7', 'data: 1', '', 'id: 8', 'data: 2'], '7', idAtOnce)
})

test('all listeners of a type hear the event, in order', () => {
  const dispatcher = createDispatcher()
  const heard: string[] = []
  dispatcher.on('tick', ({ data }) => heard.push(`first ${data}`))
  dispatcher.on('tick', ({ data }) => heard.push(`second ${data}`))
  for (const line of ['event: tick', 'data: 1', '']) dispatcher.push(fieldOf(line))
  expect(heard).toMean(['first 1', 'second 1'])
})
