import { openai } from '@sse-from-scratch/llm-stream'
import { describe, expect, test } from 'vitest'
import { decode } from './transcripts.ts'
import {
  askOnce,
  bytes,
  chat,
  collect,
  dataOnly,
  outcomeAtEveryCut,
  outcomeOf,
  replying,
  withoutTimes,
} from './wire.ts'

const provider = openai({ baseUrl: 'http://localhost:1234/v1' })
const first = { id: 'c1', object: 'chat.completion.chunk', model: 'm-1' }
const delta = (delta: unknown, index = 0) => ({
  ...first,
  choices: [{ index, delta, finish_reason: null }],
  usage: null,
})
const finish = (reason: string, index = 0) => ({ ...first, choices: [{ index, delta: {}, finish_reason: reason }] })
const usage = {
  ...first,
  choices: [],
  usage: {
    prompt_tokens: 12,
    completion_tokens: 7,
    total_tokens: 19,
    prompt_tokens_details: { cached_tokens: 4 },
    completion_tokens_details: { reasoning_tokens: 2 },
  },
}
const hello = dataOnly(
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Grüße, ' }),
  delta({ content: '世界 🌍' }),
  finish('stop'),
  usage,
  '[DONE]',
)

test('an answer is the same at every cut and byte by byte', async () => {
  const expected = {
    complete: true,
    error: undefined,
    text: 'Grüße, 世界 🌍',
    reasoning: '',
    refusal: '',
    stopReason: 'stop',
    rawStopReason: 'stop',
    toolCalls: [],
    citations: [],
    choices: [
      {
        text: 'Grüße, 世界 🌍',
        reasoning: '',
        refusal: '',
        toolCalls: [],
        citations: [],
        stopReason: 'stop',
        rawStopReason: 'stop',
      },
    ],
    usage: { inputTokens: 12, outputTokens: 7, totalTokens: 19, cachedInputTokens: 4, reasoningTokens: 2 },
    rateLimit: undefined,
    attempts: 1,
  }
  expect(withoutTimes(await outcomeAtEveryCut(provider, hello))).toEqual(expected)
})

test('events come in the order of the wire, and start comes first', async () => {
  const { events, error } = await collect(askOnce(provider, chat, { transport: replying([bytes(hello)]) }))
  expect(error).toBeUndefined()
  expect(events.map((event) => event.kind)).toEqual(['start', 'text', 'text', 'stop', 'usage'])
  expect(events[0]).toEqual({ kind: 'start', id: 'c1', model: 'm-1' })
})

test('a stream that is cut anywhere before its finish_reason is never complete', () => {
  const whole = bytes(hello)
  const lastContent = hello.indexOf('"finish_reason":"stop"')
  for (let end = 0; end < lastContent; end++) {
    expect(decode(provider, [whole.subarray(0, end)]).error?.code, `cut after ${end} bytes`).toBe('LLM_TRUNCATED')
  }
})

test('a server that never sends [DONE] is done when every choice has its finish_reason', async () => {
  expect(await outcomeOf(provider, dataOnly(delta({ content: 'a' }), finish('stop')))).toMatchObject({ complete: true })
  const half = dataOnly(delta({ content: 'a' }, 0), delta({ content: 'b' }, 1), finish('stop', 0))
  expect(await outcomeOf(provider, half)).toMatchObject({ complete: false, error: { code: 'LLM_TRUNCATED' } })
})

describe('the last event without its blank line', () => {
  const text = dataOnly(delta({ content: 'a' }), finish('stop')).trimEnd()

  test('counts, as real providers need it', async () => {
    expect(await outcomeOf(provider, text)).toMatchObject({ complete: true, stopReason: 'stop' })
  })

  test('does not count when asked to keep to HTML §9.2.6', async () => {
    const transport = replying([bytes(text)])
    const outcome = await askOnce(provider, chat, { transport, flushLastEvent: false }).outcome
    expect(outcome).toMatchObject({ complete: false, stopReason: undefined, error: { code: 'LLM_TRUNCATED' } })
  })
})

test('comments, empty data, unknown fields and data after [DONE] mean nothing', async () => {
  const text = `: OPENROUTER PROCESSING\n\ndata:\n\nid: 7\nnonsense\n\n${hello}data: {"error":{"message":"late"}}\n\ndata: junk\n\n`
  expect(await outcomeOf(provider, text)).toMatchObject({ complete: true, text: 'Grüße, 世界 🌍' })
})

test('a mapper that is done hears nothing any more', () => {
  const mapper = provider.createMapper()
  const event = (data: string) => ({ type: 'message', data, lastEventId: '' })
  for (const data of [JSON.stringify(finish('stop')), '[DONE]']) mapper.map(event(data))
  expect(mapper.done).toBe(true)
  expect(mapper.map(event(JSON.stringify(delta({ content: 'late' }))))).toEqual([])
  expect(mapper.map(event('junk'))).toEqual([])
})

test('usage replaces what came before and is never added up', async () => {
  const counted = (n: number) => ({
    ...delta({ content: 'x' }),
    usage: { prompt_tokens: 7, completion_tokens: n, total_tokens: 7 + n },
  })
  const outcome = await outcomeOf(provider, dataOnly(counted(1), counted(2), counted(3), finish('stop'), '[DONE]'))
  expect(outcome.usage).toEqual({ inputTokens: 7, outputTokens: 3, totalTokens: 10 })
})

test.each([
  ['Groq', { ...finish('stop'), x_groq: { usage: { prompt_tokens: 3, completion_tokens: 4 } } }, {}],
  [
    'Moonshot',
    {
      ...first,
      choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: { prompt_tokens: 3, completion_tokens: 4 } }],
    },
    {},
  ],
  [
    'DeepSeek',
    { ...finish('stop'), usage: { prompt_tokens: 3, completion_tokens: 4, prompt_cache_hit_tokens: 2 } },
    { cachedInputTokens: 2 },
  ],
])('usage is found where %s puts it', async (_, chunk, more) => {
  const outcome = await outcomeOf(provider, dataOnly(delta({ content: 'x' }), chunk, '[DONE]'))
  expect(outcome.usage).toEqual({ inputTokens: 3, outputTokens: 4, totalTokens: 7, ...more })
})

test('a usage chunk after the finish_reason is waited for', async () => {
  expect((await outcomeOf(provider, hello)).usage?.totalTokens).toBe(19)
})

test('a cut answer says what it cost, and that this is an estimate', async () => {
  const { usage: cost } = await outcomeOf(provider, dataOnly(delta({ content: 'x'.repeat(40) })))
  expect(cost).toEqual({ inputTokens: 4, outputTokens: 10, totalTokens: 14, estimated: true })
})

test('choices stay apart', async () => {
  const text = dataOnly(
    delta({ content: 'b' }, 1),
    delta({ content: 'a' }, 0),
    delta({ content: 'B' }, 1),
    finish('length', 1),
    finish('stop', 0),
    '[DONE]',
  )
  expect(await outcomeOf(provider, text)).toMatchObject({
    text: 'a',
    stopReason: 'stop',
    choices: [
      { text: 'a', stopReason: 'stop' },
      { text: 'bB', stopReason: 'length' },
    ],
  })
})

test.each([
  ['reasoning_content', { reasoning_content: 'hm' }],
  ['reasoning', { reasoning: 'hm', reasoning_details: [{ text: 'hm' }] }],
  ['a list of parts that are texts', { content: [{ type: 'thinking', thinking: 'hm' }] }],
  ['a list of parts', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }],
])('reasoning is read from %s', async (_, thought) => {
  const text = dataOnly(delta(thought), delta({ content: [{ type: 'text', text: 'So.' }] }), finish('stop'), '[DONE]')
  expect(await outcomeOf(provider, text)).toMatchObject({ reasoning: 'hm', text: 'So.' })
})

test('a refusal is not text, and is the reason to stop', async () => {
  const text = dataOnly(delta({ content: null, refusal: 'No' }), delta({ refusal: '.' }), finish('stop'), '[DONE]')
  expect(await outcomeOf(provider, text)).toMatchObject({
    complete: true,
    text: '',
    refusal: 'No.',
    stopReason: 'refusal',
    rawStopReason: 'stop',
  })
})

test.each([
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['something_new', undefined],
])('finish_reason %s is %s', async (raw, reason) => {
  expect(await outcomeOf(provider, dataOnly(finish(raw), '[DONE]'))).toMatchObject({
    complete: true,
    stopReason: reason,
    rawStopReason: raw,
  })
})

test('an early empty finish_reason is none', async () => {
  const early = { ...first, choices: [{ index: 0, delta: { content: 'a' }, finish_reason: '' }] }
  const outcome = await outcomeOf(provider, dataOnly(early))
  expect(outcome).toMatchObject({ complete: false, stopReason: undefined, text: 'a' })
})

test("Azure's first chunk without id and its annotations without delta do no harm", async () => {
  const text = dataOnly(
    { id: '', model: '', choices: [], prompt_filter_results: [{}] },
    delta({ content: 'a' }),
    finish('stop'),
    { ...first, choices: [{ index: 0, content_filter_offsets: {}, finish_reason: null }] },
    '[DONE]',
  )
  const { events } = await collect(askOnce(provider, chat, { transport: replying([bytes(text)]) }))
  expect(events.map((event) => event.kind)).toEqual(['start', 'text', 'stop'])
  expect(events[0]).toMatchObject({ id: 'c1' })
})

describe('an error inside a 200', () => {
  test.each([
    ['nested', 'data: {"error":{"message":"boom","type":"server_error","code":null}}\n\n', 'LLM_PROVIDER', true],
    [
      'nested, next to choices',
      'data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"boom"}}\n\ndata: [DONE]\n\n',
      'LLM_PROVIDER',
      true,
    ],
    [
      'flat',
      'data: {"object":"error","message":"boom","type":"BadRequestError","code":400}\n\n',
      'LLM_PROVIDER',
      false,
    ],
    ['a text', 'data: {"error":"boom"}\n\n', 'LLM_PROVIDER', false],
    ['named', 'event: error\ndata: {"message":"boom"}\n\n', 'LLM_PROVIDER', false],
    ['named, not JSON', 'event: error\ndata: boom\n\n', 'LLM_PROVIDER', false],
    [
      'bare JSON without data:',
      '{\n  "error": {"code": 429, "message": "boom", "status": "RESOURCE_EXHAUSTED"}\n}',
      'LLM_RATE_LIMITED',
      true,
    ],
    ['overloaded', 'data: {"error":{"message":"boom","type":"overloaded_error"}}\n\n', 'LLM_OVERLOADED', true],
    ['out of money', 'data: {"error":{"message":"boom","type":"insufficient_quota"}}\n\n', 'LLM_QUOTA', false],
    [
      'a finish_reason error',
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}\n\n',
      'LLM_PROVIDER',
      false,
    ],
    [
      'a finish_reason of its own',
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}\n\n',
      'LLM_OVERLOADED',
      true,
    ],
  ])('is an error: %s', async (_, text, code, retryable) => {
    const outcome = await outcomeOf(provider, text)
    expect(outcome).toMatchObject({ complete: false, error: { code, retryable, status: undefined } })
  })

  test('is not retryable once a part of the answer has been delivered', async () => {
    const text = dataOnly(delta({ content: 'a' }), { error: { message: 'boom', type: 'overloaded_error' } })
    expect(await outcomeOf(provider, text)).toMatchObject({
      text: 'a',
      error: { code: 'LLM_OVERLOADED', retryable: false },
    })
  })

  test.each([null, '', {}])('"error": %j is none', async (error) => {
    const text = dataOnly({ ...delta({ content: 'a' }), error }, finish('stop'), '[DONE]')
    expect(await outcomeOf(provider, text)).toMatchObject({ complete: true })
  })
})

test('an event that is not JSON is an error', async () => {
  expect(await outcomeOf(provider, 'data: {"id"\n\n')).toMatchObject({
    complete: false,
    error: { code: 'LLM_PROTOCOL', retryable: false },
  })
})

describe('a body that is no event stream', () => {
  const message = {
    role: 'assistant',
    content: 'Hello',
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
  }
  const whole = JSON.stringify({
    id: 'c1',
    object: 'chat.completion',
    model: 'm-1',
    choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  })

  test('is a whole answer if it is JSON of one', async () => {
    const outcome = await outcomeAtEveryCut(provider, whole, { contentType: 'application/json' })
    expect(outcome).toMatchObject({
      complete: true,
      text: 'Hello',
      stopReason: 'tool-calls',
      toolCalls: [{ name: 'f', complete: true }],
      usage: { totalTokens: 3 },
    })
  })

  test.each([
    ['JSON of something else', '{"hello":1}', 'application/json', 'not a whole answer'],
    ['a page', '\n<!doctype html><title>Sign in</title>', 'text/html', 'HTML page'],
    ['text', 'Service is fine, thank you.', 'text/plain', 'text/plain came'],
    ['compressed', '\u001f\u008b', 'text/event-stream', 'compressed'],
  ])('is LLM_PROTOCOL if it is %s', async (_, text, contentType, says) => {
    const body = Uint8Array.from(text, (character) => character.charCodeAt(0))
    const { error } = await askOnce(provider, chat, { transport: replying([body], { contentType }) }).outcome
    expect(error).toMatchObject({ code: 'LLM_PROTOCOL', message: expect.stringContaining(says) })
  })

  test('is still an event stream when only its Content-Type is wrong', async () => {
    expect(await outcomeOf(provider, `\uFEFF\n\n${hello}`, { contentType: 'application/json' })).toMatchObject({
      complete: true,
      text: 'Grüße, 世界 🌍',
    })
  })

  test('may begin with blanks, which belong to what follows them at every cut', async () => {
    const notTheField = ' data: [DONE]\n\n' // HTML §9.2.6: a field's name has no space
    const text = `\n\n${notTheField}${dataOnly(delta({ content: 'a' }), finish('stop'))}`
    expect(await outcomeAtEveryCut(provider, text)).toMatchObject({ complete: true, text: 'a' })
    expect(await outcomeOf(provider, `${'\n'.repeat(2000)}${hello}`)).toMatchObject({ complete: true })
  })

  test('is LLM_TRUNCATED if it is empty, or an event stream with nothing in it', async () => {
    expect((await outcomeOf(provider, '', { contentType: null })).error?.code).toBe('LLM_TRUNCATED')
    expect((await outcomeOf(provider, ': hello\n\n')).error?.code).toBe('LLM_TRUNCATED')
  })

  test('is LLM_TRUNCATED, to be asked again, if it is done before there was an answer', async () => {
    for (const nothing of ['', dataOnly({ id: 'c', choices: [], usage: { prompt_tokens: 1, completion_tokens: 0 } })]) {
      const { complete, error } = await outcomeOf(provider, `${nothing}${dataOnly('[DONE]')}`)
      expect([complete, error?.code, error?.retryable]).toEqual([false, 'LLM_TRUNCATED', true])
    }
    const mapper = provider.createMapper()
    expect(() => mapper.map({ type: 'message', data: '[DONE]', lastEventId: '' })).toThrow('done before')
    expect(mapper.done).toBe(true) // nothing follows, as whoever looks for the end mark has to know
  })
})

test('one byte past maxEventSize is an error that names it, for an event as for a whole JSON body', async () => {
  const choice = { index: 0, finish_reason: 'stop' }
  const line = `data: ${JSON.stringify({ choices: [{ ...choice, delta: { content: 'é'.repeat(500) } }] })}`
  const body = JSON.stringify({ choices: [{ ...choice, message: { content: 'é'.repeat(500) } }] })
  for (const [text, size] of [
    [`${line}\n\n`, bytes(line).length],
    [body, bytes(body).length],
  ] as const) {
    const ask = (maxEventSize: number) =>
      askOnce(provider, chat, { transport: replying([bytes(text)]), maxEventSize }).outcome
    expect(await ask(size)).toMatchObject({ complete: true, text: 'é'.repeat(500) })
    expect((await ask(size - 1)).error).toMatchObject({
      code: 'LLM_PROTOCOL',
      message: expect.stringMatching(/maxEventSize/),
    })
  }
})

test('a choice whose number is none is the first one', () => {
  for (const index of [-1, 1.5, '1', null, 1e300]) {
    const { events } = decode(provider, [bytes(dataOnly({ choices: [{ index, delta: { content: 'x' } }] }))])
    expect(events).toContainEqual({ kind: 'text', choice: 0, text: 'x' })
  }
})

test('a body one byte past maxAnswerSize is an error', async () => {
  const body = bytes(hello)
  const outcome = (maxAnswerSize: number) =>
    askOnce(provider, chat, { transport: replying([body]), maxAnswerSize }).outcome
  expect((await outcome(body.length)).complete).toBe(true)
  expect((await outcome(body.length - 1)).error).toMatchObject({
    code: 'LLM_PROTOCOL',
    message: expect.stringContaining('maxAnswerSize'),
  })
})

test('the end of the context is a length, as Mistral calls it', () => {
  const { answer } = decode(provider, [bytes(dataOnly(delta({ content: 'x' }), finish('model_length'), '[DONE]'))])
  expect([answer.stopReason, answer.rawStopReason]).toEqual(['length', 'model_length'])
})

test.each(['constructor', '__proto__', 'toString'])('a finish reason %s is a word nobody knows', (reason) => {
  const { events } = decode(provider, [bytes(dataOnly(delta({ content: 'x' }), finish(reason)))])
  expect(events.filter(({ kind }) => kind === 'stop')).toEqual([
    { kind: 'stop', choice: 0, reason: undefined, raw: reason },
  ])
})
