import Anthropic from '@anthropic-ai/sdk'
import { expect, type Mistake, within } from '@sse-from-scratch/course'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { test } from 'vitest'
import { fromAnthropic } from '#ex/03-anthropic-deltas'
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
} from '../02-openai-deltas/samples/heard.ts'
import type { Delta, ParsedEvent } from './contract.ts'

const has = (got: Heard, kind: Delta['kind']) => got.some((one) => 'kind' in one && one.kind === kind)
const usages = (got: Heard) => got.flatMap((one) => ('kind' in one && one.kind === 'usage' ? [one] : []))

const throwsOnUnknown = heard(
  'throws-on-unknown',
  'A `ping` says only that the server is still there, and next year there will be types that nobody knows today. What you do not know means nothing to you: go on.',
  threw,
)
const trustsEventLine = heard(
  'trusts-event-line',
  'This event came without its `event` line, as some proxies send it: then it is called `message`. What it is stands in its JSON, in `type`.',
  (got) => !has(got, 'end'),
)
const waitsForDone = heard(
  'waits-for-done',
  '`[DONE]` is a word of OpenAI. Here the end is an event: `message_stop`.',
  (got) => !has(got, 'end'),
)
const usageAlwaysThere = heard(
  'usage-always-there',
  'Your code threw: this message_delta has a `stop_reason` and no `usage`. Not every server that speaks this wire counts. Take the numbers where they are.',
  threw,
)
const blockStopIsEnd = heard(
  'block-stop-is-end',
  'content_block_stop ends one block. An answer has several: a text, and behind it the tools that the model calls. Only `message_stop` ends the message.',
  (got) => has(got, 'end') && !has(got, 'stop'),
)
const addsUsage = heard(
  'adds-usage',
  'The numbers are totals: the later one REPLACES the one before it. You added them, and pay for tokens that never were.',
  (got) => (usages(got).at(-1)?.output ?? 0) > 12,
)
const forgetsInput = heard(
  'forgets-input',
  'The input was told in message_start. message_delta may tell only the output: what is not said stays as it was.',
  (got) => usages(got).at(-1)?.input === 0,
)
const ignoresCache = heard(
  'ignores-cache',
  '`input_tokens` counts only what went through no cache. What was read from the cache, and written to it, is input as well: add the three.',
  (got) => usages(got).at(-1)?.input === 12,
)
const blockIndexIsCall = heard(
  'block-index-is-call',
  '`index` counts the blocks of the message, and text blocks are blocks, too. The first call is call 0, wherever its block stands.',
  (got) => got.some((one) => 'kind' in one && one.kind === 'tool' && one.index > 1),
)
const emptyPieces = heard(
  'empty-pieces',
  'The first piece of the arguments is often empty. What has nothing in it makes no delta.',
  (got) => got.some((one) => 'kind' in one && one.kind === 'tool' && one.json === '' && one.id === undefined),
)
const ignoresError = heard(
  'ignores-error',
  'The provider says that it has failed, in the middle of a 200, and you went on as if nothing were. Nothing comes after it, not even message_stop. Throw.',
  (got) => !threw(got),
)
const endIsSuccess = heard(
  'end-is-success',
  'No `message_stop` came, and you said `end`. A stream that just stops is half an answer: only the provider may say that it was all.',
  (got) => has(got, 'end'),
)

test('text comes in pieces, inside a block', async () => {
  const events = [open(0, { type: 'text', text: '' }), text('Hello'), text(' world')]
  await expectDeltas(events, [say('Hello'), say(' world')], [endIsSuccess])
})

test('a message has several blocks, and ends once', async () => {
  const events = [
    open(0, { type: 'text', text: '' }),
    text('One. '),
    close(0),
    open(1, { type: 'text', text: '' }),
    text('Two.', 1),
    close(1),
    named('message_delta', { delta: { stop_reason: 'end_turn' } }),
    STOP,
  ]
  await expectDeltas(
    events,
    [say('One. '), say('Two.'), { kind: 'stop', reason: 'stop' }, END],
    [usageAlwaysThere, wireWords, blockStopIsEnd, waitsForDone],
  )
})

test('message_stop is the end', async () => {
  await expectDeltas([text('Hi'), STOP], [say('Hi'), END], [waitsForDone])
})

test('a ping, and what nobody knows yet, mean nothing', async () => {
  const unknown = named('message_mood', { mood: 'good' })
  const thinking = named('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } })
  await expectDeltas([PING, text('Hi'), unknown, thinking, PING, STOP], [say('Hi'), END], [throwsOnUnknown])
})

test('the JSON says what an event is', async () => {
  const unnamed = [text('Hi'), STOP].map(({ data }) => ({ type: 'message', data }))
  await expectDeltas(unnamed, [say('Hi'), END], [trustsEventLine])
})

test('nothing is read after message_stop', async () => {
  let left = false
  async function* events(): AsyncGenerator<ParsedEvent> {
    try {
      yield* [text('Hi'), STOP]
      await new Promise(() => {}) // the connection stays open
    } finally {
      left = true
    }
  }
  const all = within(1000, deltasOf(fromAnthropic, events()), 'the deltas to end')
  expect(await all).toMean<Heard>([say('Hi'), END])
  expect({ left }).toMean({ left: true })
})

test('the usage so far: a later number replaces the one before it', async () => {
  const events = [
    named('message_start', { message: { role: 'assistant', usage: { input_tokens: 9, output_tokens: 1 } } }),
    text('Hi'),
    named('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 12 } }),
    STOP,
  ]
  const expected: Heard = [
    { kind: 'usage', input: 9, output: 1 },
    say('Hi'),
    { kind: 'usage', input: 9, output: 12 },
    { kind: 'stop', reason: 'stop' },
    END,
  ]
  await expectDeltas(events, expected, [addsUsage, forgetsInput])
})

test('what the cache was asked for is input, too', async () => {
  const usage = { input_tokens: 12, cache_read_input_tokens: 4000, cache_creation_input_tokens: 600, output_tokens: 1 }
  const start = named('message_start', { message: { role: 'assistant', usage } })
  await expectDeltas([start], [{ kind: 'usage', input: 4612, output: 1 }], [ignoresCache])
})

test('why the model has stopped', async () => {
  for (const [word, reason] of [
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['tool_use', 'tool-calls'],
    ['something_new', 'other'],
  ] as const) {
    const stop = named('message_delta', { delta: { stop_reason: word, stop_sequence: null } })
    await expectDeltas([text('Hi'), stop], [say('Hi'), { kind: 'stop', reason }], [wireWords, endIsSuccess])
  }
})

test('a tool call is a block of its own', async () => {
  const events = [
    open(0, { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }),
    piece(0, ''),
    piece(0, '{"city":'),
    piece(0, '"Oslo"}'),
    close(0),
  ]
  const expected: Heard = [
    { kind: 'tool', index: 0, id: 'toolu_1', name: 'get_weather', json: '' },
    { kind: 'tool', index: 0, json: '{"city":' },
    { kind: 'tool', index: 0, json: '"Oslo"}' },
  ]
  await expectDeltas(events, expected, [emptyPieces])
})

test('calls are counted, not blocks', async () => {
  const events = [
    open(0, { type: 'text', text: '' }),
    text('Wait.'),
    close(0),
    open(1, { type: 'tool_use', id: 'toolu_1', name: 'read', input: {} }),
    open(2, { type: 'tool_use', id: 'toolu_2', name: 'list', input: {} }),
    piece(1, '{"path":"a"}'),
    piece(2, '{}'),
  ]
  const expected: Heard = [
    say('Wait.'),
    { kind: 'tool', index: 0, id: 'toolu_1', name: 'read', json: '' },
    { kind: 'tool', index: 1, id: 'toolu_2', name: 'list', json: '' },
    { kind: 'tool', index: 0, json: '{"path":"a"}' },
    { kind: 'tool', index: 1, json: '{}' },
  ]
  await expectDeltas(events, expected, [blockIndexIsCall])
})

test('an error in a 200 is an error', async () => {
  const error = named('error', { error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' })
  await expectDeltas([text('Hi'), error], [say('Hi'), { threw: 'Provider' }], [ignoresError, noCode])
  const thrown = await messageOf(fromAnthropic, [error])
  expect(thrown.includes('Overloaded') ? 'its words' : thrown).toMean('its words')
})

test('data that is no JSON is Malformed', async () => {
  const cut = { type: 'content_block_delta', data: '{"type":"content_block_del' }
  await expectDeltas([text('Hi'), cut], [say('Hi'), { threw: 'Malformed' }], [noCode])
})

test('a stream that just stops has no end', async () => {
  await expectDeltas([text('Hi'), close(0)], [say('Hi')], [endIsSuccess])
  await expectDeltas([], [], [endIsSuccess])
})

test('a delta comes out as soon as its event has come', async () => {
  async function* events(): AsyncGenerator<ParsedEvent> {
    yield text('Hi')
    await new Promise(() => {})
  }
  const first = fromAnthropic(events())[Symbol.asyncIterator]().next()
  expect((await within(1000, first, 'the first delta, whose event has come')).value).toMean(say('Hi'))
})

test('the SDK of Anthropic makes the same of the same bytes', async () => {
  const model = await startSimulator({ tokensPerSecond: 0, words: { min: 8, max: 12 } })
  try {
    const bodies = await Promise.all([ask(model.url, []), ask(model.url, [tool('get_weather'), tool('get_time')])])
    for (const body of bodies) {
      const mine = foldDeltas(
        await within(1000, deltasOf(fromAnthropic, eventsIn(body)), 'the deltas of a whole answer'),
      )
      expect(mine).toMean(await askedBySdk(body))
    }
  } finally {
    await model.close()
  }
})

const STOP = named('message_stop', {})
const PING = named('ping', {})

function named(type: string, body: object): ParsedEvent {
  return { type, data: JSON.stringify({ type, ...body }) }
}

function open(index: number, block: object): ParsedEvent {
  return named('content_block_start', { index, content_block: block })
}

function close(index: number): ParsedEvent {
  return named('content_block_stop', { index })
}

function text(words: string, index = 0): ParsedEvent {
  return named('content_block_delta', { index, delta: { type: 'text_delta', text: words } })
}

function piece(index: number, json: string): ParsedEvent {
  return named('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: json } })
}

async function expectDeltas(given: readonly ParsedEvent[], expected: Heard, mistakes: readonly Mistake<Heard>[]) {
  const got = await within(1000, deltasOf(fromAnthropic, from(given)), 'the deltas to end')
  expect(got).toMean(expected, { given: given.map(({ data }) => data), mistakes })
}

function tool(name: string) {
  return { name, input_schema: { type: 'object', properties: { of: { type: 'string' } }, required: ['of'] } }
}

async function ask(url: string, tools: readonly object[]): Promise<Uint8Array<ArrayBuffer>> {
  const messages = [{ role: 'user', content: 'What are the weather and the time?' }]
  const body = JSON.stringify({ model: 'm', max_tokens: 100, stream: true, messages, tools })
  const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'k' }
  const init = { method: 'POST', headers: { ...headers, connection: 'close' }, body }
  return new Uint8Array(await (await fetch(`${url}/v1/messages`, init)).arrayBuffer())
}

async function askedBySdk(body: Uint8Array<ArrayBuffer>): Promise<Whole> {
  const answer = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const client = new Anthropic({ apiKey: 'k', fetch: answer, maxRetries: 0 })
  const { content, usage } = await client.messages.stream({ model: 'm', max_tokens: 9, messages: [] }).finalMessage()
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls: content.flatMap((block) => (block.type === 'tool_use' ? [{ name: block.name, args: block.input }] : [])),
    tokens: usage.output_tokens,
  }
}
