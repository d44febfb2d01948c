import { expect, mistake } from '@sse-from-scratch/course'
import { randomFrom } from '@sse-from-scratch/testkit'
import { test } from 'vitest'
import { safeDelta } from '#ex/07-malformed-events'
import type { Delta, Malformed } from './contract.ts'

type Got = readonly Delta[] | Malformed | { readonly threw: string } | string

const parseThrows = mistake<Got>(
  'parse-throws',
  'JSON.parse throws for what is no JSON, and nobody catches it: one bad event ends the whole answer, and perhaps the process. Catch it here, where you know what it means.',
  (got) => typeof got === 'object' && 'threw' in got && got.threw === 'SyntaxError',
)
const nullIsObject = mistake<Got>(
  'null-is-object',
  'JSON may be `null`, and it may be a number: all of these are JSON texts (RFC 8259 §2). `typeof null` is "object", and asking null for a member throws. Ask for members only when there is an object.',
  (got) => typeof got === 'object' && 'threw' in got,
)
const questionMarkTooLate = mistake<Got>(
  'question-mark-too-late',
  'This event has no `choices`: some servers leave it out where only the usage is told. In `choices[0]?.delta` the question mark stands behind [0], which has thrown by then.',
  (got) => typeof got === 'object' && 'threw' in got,
)
const trustsTypes = mistake<Got>(
  'trusts-types',
  'You hand on a text that is no string. TypeScript believed your `as`; the server has not read it. Whoever joins the texts shows "[object Object]", or crashes elsewhere, where nobody will find it. Look at the type.',
  (got) => Array.isArray(got) && got.some((one) => one.kind === 'text' && typeof one.text !== 'string'),
)
const dropsQuietly = mistake<Got>(
  'drops-quietly',
  'Nothing has crashed, and a piece of the answer is missing, and nobody will ever know. An empty list says: well made, nothing to say. Say `malformed`.',
  (got) => Array.isArray(got) && got.length === 0,
)
const unknownIsMalformed = mistake<Got>(
  'unknown-is-malformed',
  'This event is well made, and has nothing to say to you. If that is malformed, your log is full of alarms on good days, and next year, with new members, on all days.',
  (got) => typeof got === 'object' && 'malformed' in got,
)
const mergesChoices = mistake<Got>(
  'merges-choices',
  'The index of this choice is 1: it is a piece of another answer, and you made a piece of yours of it. Only the choice 0 counts, as in 3.2.',
  (got) => Array.isArray(got) && got.some((one) => one.kind === 'text' && one.text === 'another answer'),
)
const logsEverything = mistake<Got>(
  'logs-everything',
  'The reason has all of the data in it. An event may have megabytes, and it may have what people wrote to a model: in a log, both hurt. Take the beginning.',
  (got) => typeof got === 'string' && got !== '200 characters at most',
)
const repairsJson = mistake<Got>(
  'repairs-json',
  'You have closed the quote and the braces, and made a text of half a text. Nobody said that. "Do not delete" cut in half is "Do", or worse: what is cut is malformed.',
  (got) => Array.isArray(got) && got.length > 0,
)
const staysPoisoned = mistake<Got>(
  'stays-poisoned',
  'A good event behind a bad one is lost: you have remembered something. Each event is whole by itself, so each stands for itself.',
  (got) => typeof got === 'object' && 'malformed' in got,
)

test('a good event, and what it says', () => {
  expectDeltas('{"choices":[{"index":0,"delta":{"content":"Hi"}}]}', [{ kind: 'text', text: 'Hi' }])
  expectDeltas('{"choices":[{"delta":{"content":"!"},"finish_reason":"stop"}]}', [
    { kind: 'text', text: '!' },
    { kind: 'stop', reason: 'stop' },
  ])
  expectDeltas('{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}', [
    { kind: 'usage', input: 9, output: 4 },
  ])
  expectDeltas('[DONE]', [{ kind: 'end' }])
})

test('half a JSON text is malformed, and does not throw', () => {
  const data = '{"choices":[{"index":0,"delta":{"content":"Do not del'
  const got = outcome(data)
  const isMalformed = typeof got === 'object' && 'malformed' in got && typeof got.malformed === 'string'
  expect<Got>(isMalformed ? MALFORMED : got).toMean(MALFORMED, {
    given: data,
    mistakes: [parseThrows, repairsJson, dropsQuietly],
  })
})

test('the event behind a malformed one is read as ever', () => {
  outcome('{"choices":[{"del')
  expectDeltas('{"choices":[{"delta":{"content":"Hi"}}]}', [{ kind: 'text', text: 'Hi' }], [staysPoisoned])
})

test('what is well made and has nothing to say is no error', () => {
  for (const data of [
    '{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}',
    '{"choices":[{"index":0,"delta":{"content":null}}]}',
    '{"choices":[]}',
    '{"choices":[{"index":1,"delta":{"content":"another answer"}}]}',
    '{"x_new":{"mood":"good"},"choices":[]}',
    '',
  ])
    expectDeltas(data, [], [unknownIsMalformed, mergesChoices])
})

test('an event without choices is one, too', () => {
  expectDeltas(
    '{"usage":{"prompt_tokens":9,"completion_tokens":4}}',
    [{ kind: 'usage', input: 9, output: 4 }],
    [questionMarkTooLate],
  )
})

test('JSON need not be an object', () => {
  for (const data of [
    'null',
    '5',
    '"Hi"',
    '[]',
    '{"choices":[null]}',
    '{"choices":[{"delta":null}]}',
    '{"choices":null}',
  ])
    expectDeltas(data, [], [nullIsObject])
})

test('what has the wrong type is as if it were not there', () => {
  for (const data of [
    '{"choices":[{"delta":{"content":5}}]}',
    '{"choices":[{"delta":{"content":{"text":"Hi"}}}]}',
    '{"choices":[{"delta":"Hi"}]}',
    '{"choices":"Hi"}',
    '{"choices":[{"delta":{},"finish_reason":7}]}',
  ])
    expectDeltas(data, [], [trustsTypes])
})

test('the reason is short, however long the event is', () => {
  const got = outcome(`{"choices":[{"delta":{"content":"${'very long '.repeat(10_000)}`)
  const size = typeof got === 'object' && 'malformed' in got ? got.malformed.length : 0
  const text = size > 0 && size <= 200 ? '200 characters at most' : `${size} characters`
  expect<Got>(text).toMean('200 characters at most', { mistakes: [logsEverything] })
})

test('1000 streams with an event that is broken at random: no crash, no lie, and no good event is lost', () => {
  safeDelta({ type: 'message', data: STREAM[0] })
  const problems: string[] = []
  for (let seed = 1; seed <= 1000 && problems.length < 3; seed++) {
    const random = randomFrom(seed)
    const at = Math.floor(random() * STREAM.length)
    const broken = mutate(STREAM[at] ?? '', random)
    for (const [nth, data] of STREAM.with(at, broken).entries()) {
      const got = outcome(data)
      const problem = nth === at ? problemOf(data, got) : lostOf(nth, data, got)
      if (problem !== undefined) problems.push(`${problem} (seed ${seed})`)
    }
  }
  expect(problems.slice(0, 3)).toMean([])
})

const MALFORMED: Malformed = { malformed: 'a reason' }

const STREAM: readonly [string, ...string[]] = [
  '{"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}',
  '{"id":"c1","choices":[{"index":0,"delta":{"content":"The answer"},"finish_reason":null}],"usage":null}',
  '{"id":"c1","choices":[{"index":0,"delta":{"content":" is \\"42\\" \u2013 "},"finish_reason":null}],"usage":null}',
  '{"id":"c1","choices":[{"index":0,"delta":{"content":"\\ud83d\\ude00"},"finish_reason":null}],"usage":null}',
  '{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}',
  '{"id":"c1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}',
  '[DONE]',
]
const SAID: readonly (readonly Delta[])[] = [
  [],
  [{ kind: 'text', text: 'The answer' }],
  [{ kind: 'text', text: ' is "42" \u2013 ' }],
  [{ kind: 'text', text: '\u{1f600}' }],
  [{ kind: 'stop', reason: 'stop' }],
  [{ kind: 'usage', input: 9, output: 4 }],
  [{ kind: 'end' }],
]

const WRONG_VALUES = ['null', '5', '-1', '1e999', '""', '[]', '{}', '[null]', 'true', '{"__proto__":null}', '"\\u0000"']

/** Cut, doubled, a character changed, left out or put in, or a value in the place of another. */
function mutate(data: string, random: () => number): string {
  const at = Math.floor(random() * data.length)
  const [left, right] = [data.slice(0, at), data.slice(at)]
  const char = String.fromCharCode(Math.floor(random() * 128))
  const value = WRONG_VALUES[Math.floor(random() * WRONG_VALUES.length)] ?? ''
  const values = [...data.matchAll(/(?<=:)("(\\.|[^"\\])*"|null|\d+|\{\}|\[\])/g)]
  const old = values[Math.floor(random() * values.length)]
  const ways = [
    left,
    right,
    data + data,
    left + char + right.slice(1),
    left + right.slice(1),
    left + char + right,
    old ? data.slice(0, old.index) + value + data.slice(old.index + old[0].length) : value,
    value,
  ]
  return ways[Math.floor(random() * ways.length)] ?? ''
}

function problemOf(data: string, got: Got): string | undefined {
  const shown = JSON.stringify(data.slice(0, 80))
  if (typeof got === 'string' || 'threw' in got) return `${JSON.stringify(got)} for ${shown}`
  if ('malformed' in got) return isJson(data) ? `malformed, and it is JSON: ${shown}` : undefined
  if (got.length > 0 && data.trim() !== '[DONE]' && !isJson(data))
    return `${JSON.stringify(got)} out of no JSON: ${shown}`
  const bad = got.find((delta) => !isDelta(delta))
  return bad && `${JSON.stringify(bad)} is no delta, for ${shown}`
}

function lostOf(nth: number, data: string, got: Got): string | undefined {
  return JSON.stringify(got) === JSON.stringify(SAID[nth])
    ? undefined
    : `lost, behind a broken one: ${data.slice(0, 80)}`
}

function isDelta(delta: Delta): boolean {
  if (delta.kind === 'text') return typeof delta.text === 'string' && delta.text !== ''
  if (delta.kind === 'usage') return Number.isFinite(delta.input) && Number.isFinite(delta.output)
  if (delta.kind === 'stop') return ['stop', 'length', 'tool-calls', 'content-filter', 'other'].includes(delta.reason)
  return delta.kind === 'end'
}

function isJson(data: string): boolean {
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

/** What it returns, or what it throws. */
function outcome(data: string): Got {
  try {
    return safeDelta({ type: 'message', data })
  } catch (error) {
    if (error instanceof Error && error.name === 'Todo') throw error
    return { threw: error instanceof Error ? error.name : String(error) }
  }
}

function expectDeltas(
  data: string,
  expected: readonly Delta[],
  mistakes: readonly ReturnType<typeof mistake<Got>>[] = [],
): void {
  expect<Got>(outcome(data)).toMean(expected, { given: data, mistakes })
}
