import { expect, type Mistake, mistake, within } from '@sse-from-scratch/course'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import OpenAI from 'openai'
import { test } from 'vitest'
import { fromOpenAI } from '#ex/02-openai-deltas'
import type { ParsedEvent } from './contract.ts'
import {
  deltasOf,
  END,
  eventsIn,
  foldDeltas,
  from,
  type Heard,
  heard,
  messageOf,
  noCode,
  say,
  threw,
  type Whole,
  wireWords,
} from './samples/heard.ts'

const texts = (got: Heard) => got.flatMap((one) => ('kind' in one && one.kind === 'text' ? [one.text] : []))

const trimsTokens = heard(
  'trims-tokens',
  'A token carries its own space: ` world`. You took it off, and the words of the answer grow together. What comes is text as it is, also "\\n".',
  (got) => texts(got).some((text) => text === 'world'),
)
const doneAsJson = heard(
  'done-as-json',
  '`[DONE]` is no JSON: it is the word that ends the stream. Look at the data before you parse it.',
  threw,
)
const emptyDeltas = heard(
  'empty-deltas',
  'The first chunk has only a role, and the last one an empty delta. They have no text: make nothing of them, or time to first token measures the wrong thing.',
  (got) => texts(got).includes(''),
)
const stopIsEnd = heard(
  'stop-is-end',
  'finish_reason says why the MODEL stopped. The stream goes on: the usage comes after it, and then `[DONE]`.',
  (got) => !got.some((one) => 'kind' in one && one.kind === 'usage'),
)
const choicesAlwaysThere = heard(
  'choices-always-there',
  'The chunk with the usage has an empty list of choices. `choices[0].delta` throws there: after the whole answer has come.',
  threw,
)
const waitsForClose = heard(
  'waits-for-close',
  '`[DONE]` is the end. The connection may stay open for a minute, or for ever: leave the loop, and its source is left, too.',
)
const endIsSuccess = heard(
  'end-is-success',
  'No `[DONE]` came, and you said `end`. A stream that just stops is half an answer: only the provider may say that it was all.',
  (got) => got.some((one) => 'kind' in one && one.kind === 'end'),
)
const collectsAll = heard(
  'collects-all',
  'The event has come, its delta has not: you wait for the whole stream. Then nothing is left of the streaming.',
)
const parsesEachPiece = heard(
  'parses-each-piece',
  'One piece of the arguments is no JSON, only all of them joined are. Hand the pieces on as text.',
  threw,
)
const mergesCalls = heard(
  'merges-calls',
  'The model calls two tools, and you put their pieces together in the order they came. `index` says which call a piece belongs to.',
)
const trustsIndex = heard(
  'trusts-index',
  'Two calls with one index: some servers number each call 0. Joined, that is `{"path":"a"}{"path":"b"}`, which is no JSON. A new id begins a new call.',
  (got) => !got.some((one) => 'kind' in one && one.kind === 'tool' && one.index === 1),
)
const mergesChoices = heard(
  'merges-choices',
  'Two answers come mixed, since `n` was 2, and you made one text of them. The index of the CHOICE says which answer goes on.',
  (got) => texts(got).includes('Bonjour'),
)
const ignoresError = heard(
  'ignores-error',
  'The status was 200 long ago; now the provider says that it has failed. Without `choices` that looks like a chunk with nothing in it. Look for `error` first.',
  (got) => !threw(got),
)
const skipsMalformed = heard(
  'skips-malformed',
  'This is no JSON, and you went on as if nothing were. What was in it is lost, and nobody knows. Throw.',
  (got) => !threw(got),
)

test('text comes in pieces, with their spaces', async () => {
  const events = [text('Hello'), text(' world'), text('\n'), text('!')]
  const expected: Heard = [say('Hello'), say(' world'), say('\n'), say('!')]
  await expectDeltas(events, expected, [trimsTokens, emptyDeltas, endIsSuccess])
})

test('[DONE] is the end', async () => {
  await expectDeltas([text('Hi'), DONE], [say('Hi'), END], [doneAsJson])
})

test('a chunk that has nothing to say makes no delta', async () => {
  const role = chunk({ delta: { role: 'assistant', content: '' }, finish_reason: null })
  const nothing = event('{"choices":[{"index":0,"delta":{"content":null},"finish_reason":null}],"usage":null}')
  await expectDeltas([role, nothing, text('Hi'), chunk({ delta: {} }), DONE], [say('Hi'), END], [emptyDeltas])
})

test('why the model has stopped', async () => {
  for (const [word, reason] of [
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['something_new', 'other'],
  ] as const) {
    await expectDeltas([text('Hi'), stop(word)], [say('Hi'), { kind: 'stop', reason }], [wireWords, stopIsEnd])
  }
})

test('the usage comes after the stop, in a chunk without choices', async () => {
  const expected: Heard = [say('Hi'), { kind: 'stop', reason: 'stop' }, { kind: 'usage', input: 9, output: 1 }, END]
  await expectDeltas([text('Hi'), stop('stop'), USAGE, DONE], expected, [choicesAlwaysThere, stopIsEnd])
})

test('nothing is read after [DONE]', async () => {
  let left = false
  async function* events(): AsyncGenerator<ParsedEvent> {
    try {
      yield* [text('Hi'), DONE]
      await new Promise(() => {}) // the connection stays open
    } finally {
      left = true
    }
  }
  const all = within(1000, deltasOf(fromOpenAI, events()), 'the deltas to end', undefined, [named(waitsForClose)])
  expect(await all).toMean<Heard>([say('Hi'), END])
  expect({ left }).toMean({ left: true })
  await expectDeltas([text('Hi'), DONE, text('and more'), DONE], [say('Hi'), END], [waitsForClose])
})

test('a stream that just stops has no end', async () => {
  await expectDeltas([text('Hi')], [say('Hi')], [endIsSuccess])
  await expectDeltas([], [], [endIsSuccess])
})

test('a delta comes out as soon as its event has come', async () => {
  async function* events(): AsyncGenerator<ParsedEvent> {
    yield text('Hi')
    await new Promise(() => {})
  }
  const first = fromOpenAI(events())[Symbol.asyncIterator]().next()
  const { value } = await within(1000, first, 'the first delta, whose event has come', undefined, [named(collectsAll)])
  expect(value).toMean(say('Hi'))
})

test('a tool call comes in pieces', async () => {
  const events = [
    call({ index: 0, id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '' } }),
    call({ index: 0, function: { arguments: '{"city":' } }),
    call({ index: 0, function: { arguments: '"Oslo"}' } }),
    stop('tool_calls'),
  ]
  const expected: Heard = [
    { kind: 'tool', index: 0, id: 'call_1', name: 'get_weather', json: '' },
    { kind: 'tool', index: 0, json: '{"city":' },
    { kind: 'tool', index: 0, json: '"Oslo"}' },
    { kind: 'stop', reason: 'tool-calls' },
  ]
  await expectDeltas(events, expected, [parsesEachPiece])
})

test('the pieces of two calls may be mixed', async () => {
  const events = [
    call({ index: 0, id: 'call_1', function: { name: 'read', arguments: '{"pa' } }),
    call({ index: 1, id: 'call_2', function: { name: 'list', arguments: '' } }),
    call({ index: 0, function: { arguments: 'th":"a"}' } }, { index: 1, function: { arguments: '{}' } }),
  ]
  const expected: Heard = [
    { kind: 'tool', index: 0, id: 'call_1', name: 'read', json: '{"pa' },
    { kind: 'tool', index: 1, id: 'call_2', name: 'list', json: '' },
    { kind: 'tool', index: 0, json: 'th":"a"}' },
    { kind: 'tool', index: 1, json: '{}' },
  ]
  await expectDeltas(events, expected, [mergesCalls])
})

test('another id is another call, though the index is the same', async () => {
  const events = [
    call({ index: 0, id: 'call_1', function: { name: 'read', arguments: '{"path":"a"}' } }),
    call({ index: 0, id: 'call_2', function: { name: 'read', arguments: '{"path":' } }),
    call({ index: 0, function: { arguments: '"b"}' } }),
  ]
  const expected: Heard = [
    { kind: 'tool', index: 0, id: 'call_1', name: 'read', json: '{"path":"a"}' },
    { kind: 'tool', index: 1, id: 'call_2', name: 'read', json: '{"path":' },
    { kind: 'tool', index: 1, json: '"b"}' },
  ]
  await expectDeltas(events, expected, [trustsIndex])
})

test('of several answers at once, only the first counts', async () => {
  const second = chunk({ index: 1, delta: { content: 'Bonjour' } })
  await expectDeltas([text('Hello'), second, text(' you'), DONE], [say('Hello'), say(' you'), END], [mergesChoices])
})

test('an error in a 200 is an error', async () => {
  const error = { message: 'The model is overloaded.', type: 'server_error', code: 503 }
  const bare = event(JSON.stringify({ error }))
  const beside = event(JSON.stringify({ error, choices: [{ index: 0, delta: {}, finish_reason: 'error' }] }))
  for (const last of [bare, beside])
    await expectDeltas([text('Hi'), last], [say('Hi'), { threw: 'Provider' }], [ignoresError, noCode])
  const thrown = await messageOf(fromOpenAI, [bare])
  expect(thrown.includes('The model is overloaded.') ? 'its words' : thrown).toMean('its words')
})

test('data that is no JSON is Malformed', async () => {
  await expectDeltas(
    [text('Hi'), event('{"choices":[{"de')],
    [say('Hi'), { threw: 'Malformed' }],
    [skipsMalformed, noCode],
  )
})

test('the SDK of OpenAI makes the same of the same bytes', async () => {
  const model = await startSimulator({ tokensPerSecond: 0, words: { min: 8, max: 12 } })
  try {
    const bodies = await Promise.all([ask(model.url, []), ask(model.url, [tool('get_weather'), tool('get_time')])])
    for (const body of bodies) {
      const mine = foldDeltas(await within(1000, deltasOf(fromOpenAI, eventsIn(body)), 'the deltas of a whole answer'))
      expect(mine).toMean(await askedBySdk(body))
    }
  } finally {
    await model.close()
  }
})

const DONE = event('[DONE]')
const USAGE = event('{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}')

function event(data: string): ParsedEvent {
  return { type: 'message', data }
}

function chunk(choice: object): ParsedEvent {
  return event(JSON.stringify({ choices: [{ index: 0, ...choice }] }))
}

function text(content: string): ParsedEvent {
  return chunk({ delta: { content } })
}

function stop(reason: string): ParsedEvent {
  return chunk({ delta: {}, finish_reason: reason })
}

function call(...calls: object[]): ParsedEvent {
  return chunk({ delta: { tool_calls: calls } })
}

async function expectDeltas(given: readonly ParsedEvent[], expected: Heard, mistakes: readonly Mistake<Heard>[]) {
  const got = await within(1000, deltasOf(fromOpenAI, from(given)), 'the deltas to end')
  expect(got).toMean(expected, { given: given.map(({ data }) => data), mistakes })
}

/** A mistake for `within`, which has no bytes to show it. */
function named({ id, why }: Mistake<Heard>): Mistake {
  return mistake(id, why, () => true)
}

function tool(name: string) {
  const parameters = { type: 'object', properties: { of: { type: 'string' } }, required: ['of'] }
  return { type: 'function' as const, function: { name, parameters } }
}

async function ask(url: string, tools: readonly object[]): Promise<Uint8Array<ArrayBuffer>> {
  const messages = [{ role: 'user', content: 'What are the weather and the time?' }]
  const body = { model: 'm', stream: true, stream_options: { include_usage: true }, messages, tools }
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })
  return new Uint8Array(await answer.arrayBuffer())
}

async function askedBySdk(body: Uint8Array<ArrayBuffer>): Promise<Whole> {
  const answer = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const client = new OpenAI({ apiKey: 'k', fetch: answer, maxRetries: 0 })
  const whole = await client.chat.completions.stream({ model: 'm', messages: [] }).finalChatCompletion()
  const { content, tool_calls: calls = [] } = whole.choices[0]?.message ?? { content: '' }
  return {
    text: content ?? '',
    calls: calls.flatMap((made) =>
      made.type === 'function' ? [{ name: made.function.name, args: JSON.parse(made.function.arguments) }] : [],
    ),
    tokens: whole.usage?.completion_tokens,
  }
}
