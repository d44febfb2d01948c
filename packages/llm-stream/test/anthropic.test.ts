import { anthropic } from '@sse-from-scratch/llm-stream'
import { describe, expect, test } from 'vitest'
import { decode } from './transcripts.ts'
import { askOnce, bytes, chat, collect, dataOnly, named, outcomeAtEveryCut, outcomeOf, replying } from './wire.ts'

const provider = anthropic({ baseUrl: 'http://localhost:1234' })
const start = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    usage: { input_tokens: 25, cache_read_input_tokens: 4000, cache_creation_input_tokens: 600, output_tokens: 1 },
  },
}
const open = (index: number, content_block: unknown) => ({ type: 'content_block_start', index, content_block })
const fill = (index: number, delta: unknown) => ({ type: 'content_block_delta', index, delta })
const close = (index: number) => ({ type: 'content_block_stop', index })
const text = (piece: string, index = 0) => fill(index, { type: 'text_delta', text: piece })
const json = (piece: string, index: number) => fill(index, { type: 'input_json_delta', partial_json: piece })
const finish = (stop_reason: string, usage: unknown = { output_tokens: 9 }) => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  usage,
})
const stop = { type: 'message_stop' }
const transcript = [
  start,
  open(0, { type: 'thinking', thinking: '', signature: '' }),
  { type: 'ping' },
  fill(0, { type: 'thinking_delta', thinking: 'hm' }),
  fill(0, { type: 'signature_delta', signature: 'EqQB' }),
  close(0),
  open(1, { type: 'text', text: '' }),
  text('Grüße, ', 1),
  text('世界', 1),
  fill(1, { type: 'citations_delta', citation: { url: 'u' } }),
  close(1),
  open(2, { type: 'tool_use', id: 'toolu_1', name: 'read', input: {} }),
  json('', 2),
  json('{"path":', 2),
  json('"a"}', 2),
  close(2),
  finish('tool_use'),
  stop,
]
const expected = {
  complete: true,
  stopReason: 'tool-calls',
  rawStopReason: 'tool_use',
  text: 'Grüße, 世界',
  reasoning: 'hm',
  toolCalls: [{ id: 'toolu_1', name: 'read', arguments: '{"path":"a"}', args: { path: 'a' }, complete: true }],
  usage: { inputTokens: 4625, outputTokens: 9, totalTokens: 4634, cachedInputTokens: 4000, cacheWriteTokens: 600 },
}

test('an answer is the same at every cut and byte by byte', async () => {
  expect(await outcomeAtEveryCut(provider, named(...transcript))).toMatchObject(expected)
})

test('the JSON says what an event is: a proxy that leaves out the event: lines changes nothing', async () => {
  expect(await outcomeOf(provider, dataOnly(...transcript))).toMatchObject(expected)
})

test('citations are events of their own', async () => {
  const { events } = await collect(askOnce(provider, chat, { transport: replying([bytes(named(...transcript))]) }))
  expect(events).toContainEqual({ kind: 'citation', choice: 0, citation: { url: 'u' } })
})

test('a stream that ends before message_stop is never complete, wherever it is cut', () => {
  const whole = bytes(named(...transcript))
  const end = named(...transcript).lastIndexOf('{"type":"message_stop"')
  for (let at = 0; at < end; at++) {
    expect(decode(provider, [whole.subarray(0, at)]).error?.code, `cut after ${at} bytes`).toBe('LLM_TRUNCATED')
  }
})

test('usage is cumulative: the last numbers replace the first, and nulls replace nothing', async () => {
  const last = {
    input_tokens: null,
    cache_read_input_tokens: 5000,
    cache_creation_input_tokens: null,
    output_tokens: 12,
    output_tokens_details: { thinking_tokens: 3 },
  }
  const { usage } = await outcomeOf(
    provider,
    named(start, text('a'), finish('end_turn', { output_tokens: 5 }), finish('end_turn', last), stop),
  )
  expect(usage).toEqual({
    inputTokens: 5625,
    outputTokens: 12,
    totalTokens: 5637,
    cachedInputTokens: 5000,
    cacheWriteTokens: 600,
    reasoningTokens: 3,
  })
})

test('a cut answer keeps the input that was counted and estimates the rest', async () => {
  const { usage } = await outcomeOf(provider, named(start, text('x'.repeat(80))))
  expect(usage).toMatchObject({ inputTokens: 4625, outputTokens: 20, totalTokens: 4645, estimated: true })
})

test('blocks may overlap', async () => {
  const { toolCalls } = await outcomeOf(
    provider,
    named(
      start,
      open(0, { type: 'tool_use', id: 'a', name: 'f' }),
      open(1, { type: 'tool_use', id: 'b', name: 'g' }),
      json('{"x":1}', 1),
      json('{"y":2}', 0),
      close(0),
      close(1),
      finish('tool_use'),
      stop,
    ),
  )
  expect(toolCalls).toMatchObject([
    { id: 'a', name: 'f', args: { y: 2 } },
    { id: 'b', name: 'g', args: { x: 1 } },
  ])
})

test.each([
  ['no input', {}, ''],
  ['all of it at the start', { path: 'a' }, '{"path":"a"}'],
])('a tool call with %s is complete when its block is closed', async (_, input, text) => {
  const { toolCalls } = await outcomeOf(
    provider,
    named(
      start,
      open(0, { type: 'tool_use', id: 'a', name: 'f', input }),
      json('', 0),
      close(0),
      finish('tool_use'),
      stop,
    ),
  )
  expect(toolCalls).toEqual([{ id: 'a', name: 'f', arguments: text, args: input, complete: true }])
})

test('a tool call that the token limit cut before its input is not complete, although its block is closed', async () => {
  const call = open(0, { type: 'tool_use', id: 'a', name: 'f', input: {} })
  const outcome = await outcomeOf(provider, named(start, call, close(0), finish('max_tokens'), stop))
  expect(outcome).toMatchObject({ complete: true, toolCalls: [{ args: null, complete: false }] })
})

test('a tool call that was cut is not complete', async () => {
  const { toolCalls } = await outcomeOf(
    provider,
    named(start, open(0, { type: 'tool_use', id: 'a', name: 'f', input: {} }), json('{"path":"/e', 0)),
  )
  expect(toolCalls).toMatchObject([{ args: null, complete: false }])
})

test('what their own server runs is none of our calls', async () => {
  const { toolCalls } = await outcomeOf(
    provider,
    named(
      start,
      open(0, { type: 'server_tool_use', id: 'a', name: 'web_search', input: {} }),
      json('{"query":"x"}', 0),
      close(0),
      text('a', 1),
      finish('end_turn'),
      stop,
    ),
  )
  expect(toolCalls).toEqual([])
})

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['something_new', undefined],
])('stop_reason %s is %s', async (raw, reason) => {
  expect(await outcomeOf(provider, named(start, finish(raw), stop))).toMatchObject({
    complete: true,
    stopReason: reason,
    rawStopReason: raw,
  })
})

test('unknown events, unknown blocks, unknown deltas and [DONE] mean nothing', async () => {
  const odd = [{ type: 'message_sparkle' }, open(5, { type: 'hologram' }), fill(5, { type: 'photon_delta' }), close(5)]
  expect(
    await outcomeOf(provider, `${named(start, ...odd, text('a'), finish('end_turn'))}data: [DONE]\n\n${named(stop)}`),
  ).toMatchObject({ complete: true, text: 'a' })
})

describe('an error event', () => {
  test.each([
    ['overloaded_error', 'LLM_OVERLOADED', true],
    ['rate_limit_error', 'LLM_RATE_LIMITED', true],
    ['billing_error', 'LLM_QUOTA', false],
    ['api_error', 'LLM_PROVIDER', true],
    ['invalid_request_error', 'LLM_PROVIDER', false],
  ])('of type %s is %s', async (type, code, retryable) => {
    const event = { type: 'error', error: { type, message: 'Overloaded' }, request_id: 'req_1' }
    expect(await outcomeOf(provider, named(start, event))).toMatchObject({
      complete: false,
      error: { code, retryable, message: expect.stringContaining('Overloaded') },
    })
  })

  test('about a spent limit is not retryable, whatever its type says', async () => {
    const event = {
      type: 'error',
      error: { type: 'rate_limit_error', message: 'm', details: { error_code: 'enforced_spend_limit_reached' } },
    }
    expect((await outcomeOf(provider, named(start, event))).error).toMatchObject({
      code: 'LLM_QUOTA',
      retryable: false,
    })
  })
})

test('a whole message, from a server that does not stream, is a whole answer', async () => {
  const message = {
    type: 'message',
    id: 'msg_1',
    model: 'claude',
    content: [
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'Hi' },
      { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
    ],
    stop_reason: 'tool_use',
    usage: { input_tokens: 1, output_tokens: 2 },
  }
  expect(await outcomeOf(provider, JSON.stringify(message), { contentType: 'application/json' })).toMatchObject({
    complete: true,
    text: 'Hi',
    reasoning: 'hm',
    toolCalls: [{ id: 'a', args: { x: 1 }, complete: true }],
    usage: { totalTokens: 3 },
  })
})

test.each([{}, 5, { content: [] }, { type: 'message' }, { object: 'chat.completion.chunk', choices: [] }])(
  '%j is no answer, although an event without a name is called message',
  async (data) => {
    const outcome = await outcomeOf(provider, dataOnly(data))
    expect(outcome).toMatchObject({ complete: false, error: { code: 'LLM_TRUNCATED' } })
  },
)
