import { isDeepStrictEqual } from 'node:util'
import { expect, mistake, Todo } from '@sse-from-scratch/course'
import { parseResponseHead } from '@sse-from-scratch/http-raw'
import { test } from 'vitest'
import { bodyFraming } from '#ex/01-what-ends-a-body'
import type { Framing } from './contract.ts'

/** Heads as they come, and what must be made of them. The key is what the learner sees. */
type Table<Answer> = Readonly<Record<string, Answer>>
type Asked = (name: string) => { readonly head: string; readonly method?: string }

const zeroWithout = mistake<Table<unknown>>(
  'no-length-no-body',
  'No Content-Length does not mean no body. A response without it and without chunked goes on until the connection is closed (RFC 9112 §6.3, rule 8).',
  (got) => Object.values(got).some(hasKind('none')),
)
const asTyped = mistake<Table<unknown>>(
  'case-matters',
  'Names of fields and of codings are the same in any case: `transfer-encoding: Chunked` is chunked (RFC 9110 §5.1, RFC 9112 §7).',
  () => true,
)
const bodyAnyway = mistake<Table<unknown>>(
  'length-before-status',
  'Status and method come first. 1xx, 204, 304 and the answer to HEAD end with their head, whatever it says: who waits for the bytes hangs (RFC 9112 §6.3, rule 1).',
  understood,
)
const lengthWins = mistake<Table<unknown>>(
  'length-wins',
  'Both stand there, and you took Content-Length. Transfer-Encoding overrides it; and because two readers may choose differently, such a head is an attack until shown otherwise. Refuse it (RFC 9112 §6.3, rule 3).',
  (got) => Object.values(got).some(hasKind('length')),
)
const chunkedWins = mistake<Table<unknown>>(
  'chunked-wins',
  'You took chunked and passed over Content-Length. A reader may do that, says the standard, but it ought to be an error: a proxy in between may have counted. Refuse (RFC 9112 §6.3, rule 3).',
  (got) => Object.values(got).some(hasKind('chunked')),
)
const anyNumber = mistake<Table<unknown>>(
  'any-number',
  'Content-Length is digits and nothing else, and at least one. Number and parseInt take more: a sign, 0x, 1e3, blanks, digits with something behind (RFC 9110 §8.6).',
  understood,
)
const firstOfTwo = mistake<Table<unknown>>(
  'first-of-two',
  'Two Content-Lengths, and you chose one. The next reader may choose the other: then both see different messages on one connection. Refuse (RFC 9112 §6.3, rule 5).',
  understood,
)

/** Some head was not refused. */
function understood(got: Table<unknown>): boolean {
  return Object.values(got).some((answer) => typeof answer === 'object')
}

function hasKind(kind: Framing['kind']): (answer: unknown) => boolean {
  return (answer) => typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === kind
}

test('Content-Length says how many bytes', () => {
  expectAnswers({
    'Content-Length: 5': { kind: 'length', bytes: 5 },
    'Content-Length: 0': { kind: 'length', bytes: 0 },
  })
})

test('chunked says that the body tells its end itself', () => {
  expectAnswers({ 'Transfer-Encoding: chunked': { kind: 'chunked' } })
})

test('neither: the body ends when the connection does', () => {
  expectAnswers({ 'Content-Type: text/plain': { kind: 'until-close' } }, zeroWithout)
})

test('the case of names and codings does not matter', () => {
  expectAnswers(
    {
      'transfer-encoding: CHUNKED': { kind: 'chunked' },
      'TRANSFER-ENCODING: Chunked': { kind: 'chunked' },
      'content-length: 7': { kind: 'length', bytes: 7 },
    },
    asTyped,
  )
})

test('some statuses have no body, whatever the head says', () => {
  const none: Framing = { kind: 'none' }
  const answers = { '100 Continue': none, '204 No Content': none, '304 Not Modified': none }
  expectAnswers(answers, bodyAnyway, (status) => ({ head: `HTTP/1.1 ${status}\r\nContent-Length: 5` }))
  expectAnswers(answers, bodyAnyway, (status) => ({ head: `HTTP/1.1 ${status}\r\nTransfer-Encoding: chunked` }))
})

test('the answer to HEAD has no body, and a CONNECT that succeeds opens a tunnel', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5'
  const none: Framing = { kind: 'none' }
  const asked: Asked = (name) => ({ head, method: name.replace(/ .*/, '') })
  expectAnswers({ 'HEAD answered with 200': none, 'CONNECT answered with 200': none }, bodyAnyway, asked)
  const failed: Asked = (name) => ({ head: `HTTP/1.1 ${name.slice(-3)} No\r\nContent-Length: 5`, method: 'CONNECT' })
  const long: Framing = { kind: 'length', bytes: 5 }
  expectAnswers({ 'CONNECT answered with 300': long, 'CONNECT answered with 502': long }, failed)
})

test('Content-Length and Transfer-Encoding together are refused', () => {
  expectAnswers({ 'Content-Length: 5\r\nTransfer-Encoding: chunked': 'BadFraming' }, lengthWins, chunkedWins)
})

test('a Content-Length that is not digits is refused', () => {
  const values = ['+5', '-5', '5 5', '0x5', '5e0', '5.0', 'five', '', '99999999999999999999']
  expectAnswers(Object.fromEntries(values.map((value) => [`Content-Length: ${value}`, 'BadFraming'])), anyNumber)
})

test('a Content-Length has as many digits as it needs', () => {
  expectAnswers({ 'Content-Length: 1234567': { kind: 'length', bytes: 1234567 } })
})

test('two Content-Lengths that differ are refused', () => {
  expectAnswers(
    { 'Content-Length: 5\r\nContent-Length: 6': 'BadFraming', 'Content-Length: 5, 6': 'BadFraming' },
    firstOfTwo,
  )
})

test('a transfer coding that is not just chunked is refused', () => {
  expectAnswers({ 'Transfer-Encoding: chunked, chunked': 'BadFraming', 'Transfer-Encoding: xchunked': 'BadFraming' })
})

const AS_FIELDS: Asked = (fields) => ({ head: `HTTP/1.1 200 OK\r\n${fields}` })

/** So many wrong rows are shown. */
const ENOUGH = 3

/** Asks for each row of a table, and compares all answers at once. */
function expectAnswers(table: Table<Framing | 'BadFraming'>, ...rest: readonly (typeof anyNumber | Asked)[]) {
  const asked = rest.find((it) => typeof it === 'function') ?? AS_FIELDS
  const mistakes = rest.filter((it) => typeof it === 'object')
  const rows = Object.entries(table).map(([name, wanted]) => ({ name, wanted, got: answerTo(asked(name)) }))
  const wrong = rows.filter(({ wanted, got }) => !isDeepStrictEqual(wanted, got)).slice(0, ENOUGH)
  const got = Object.fromEntries(wrong.map((row) => [row.name, row.got]))
  const wanted = Object.fromEntries(wrong.map((row) => [row.name, row.wanted]))
  expect(got).toMean<Table<unknown>>(wanted, { mistakes })
}

function answerTo({ head, method = 'GET' }: ReturnType<Asked>): unknown {
  try {
    return bodyFraming(parseResponseHead(head), method)
  } catch (error) {
    if (error instanceof Todo) throw error
    return error instanceof Error && 'code' in error ? error.code : `thrown without a code: ${error}`
  }
}
