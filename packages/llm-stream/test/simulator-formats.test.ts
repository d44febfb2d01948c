import { describe, expect, test } from 'vitest'
import { startSimulator } from '../src/simulator/index.ts'
import { createKeptAnswers, type KeptAnswer } from '../src/simulator/kept-answers.ts'
import {
  ANTHROPIC,
  eventsOf,
  type Json,
  jsonOf,
  OPENAI,
  post,
  recordFinish,
  startFast,
  VERSION,
} from './simulator-client.ts'

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5)
const messages = [{ role: 'user', content: 'What is a river?' }]
const contents = [{ role: 'user', parts: [{ text: 'What is a river?' }] }]
const schema = { type: 'object', properties: { city: { type: 'string' } } }
const weather = [{ role: 'user', content: 'The weather in Bern?' }]
const RESPONSES = '/v1/responses'
const GEMINI = '/v1beta/models/m:streamGenerateContent'
const CHAT = '/api/chat'
const GENERATE = '/api/generate'

async function linesOf(response: Response): Promise<Json[]> {
  const lines = (await response.text()).split('\n')
  expect(lines.pop()).toBe('') // each line has its end
  return lines.map((line) => JSON.parse(line))
}

describe('the wire format is the one agreed on, byte for byte:', () => {
  const functionDeclarations = [{ name: 'get_weather', parametersJsonSchema: schema }]
  const called = [{ type: 'function', function: { name: 'get_weather', parameters: schema } }]
  const thinking = { type: 'enabled', budget_tokens: 1024 }
  const input = 'The weather in Bern?'
  const short = { maxOutputTokens: 6 }
  test.each([
    ['openai-tools', OPENAI, { model: 'm', stream: true, messages: weather, tools: called }],
    ['responses-stream', RESPONSES, { model: 'm', stream: true, input: 'hi', max_output_tokens: 16 }],
    [
      'responses-tools',
      RESPONSES,
      { model: 'm', stream: true, input, tools: [{ type: 'function', name: 'get_weather', parameters: schema }] },
    ],
    [
      'anthropic-thinking',
      ANTHROPIC,
      {
        model: 'm',
        stream: true,
        max_tokens: 2000,
        messages: weather,
        thinking,
        tools: [{ name: 'get_weather', input_schema: schema }],
      },
    ],
    ['gemini-stream', `${GEMINI}?alt=sse`, { contents, generationConfig: short }],
    ['gemini-array', GEMINI, { contents, generationConfig: short }],
    [
      'gemini-tools',
      `${GEMINI}?alt=sse`,
      { contents: [{ parts: [{ text: input }] }], tools: [{ functionDeclarations }] },
    ],
    ['gemini-error', GEMINI, {}],
    ['ollama-chat', CHAT, { model: 'm', messages, options: { num_predict: 4 } }],
    ['ollama-generate', GENERATE, { model: 'm', prompt: 'hi', options: { num_predict: 4 }, think: true }],
    ['ollama-error', CHAT, {}],
  ])('%s', async (name, path, body) => {
    await using simulator = await startFast({ seed: 42, now })
    const response = await post(simulator.url + path, body, path === ANTHROPIC ? VERSION : {})
    await expect(await response.text()).toMatchFileSnapshot(`simulator-golden/${name}.txt`)
  })
})

describe('a stream and the whole answer say the same:', () => {
  const textOf: Readonly<Record<string, (json: Json) => string>> = {
    [OPENAI]: ({ choices }) => choices[0]?.message?.content ?? choices[0]?.delta.content ?? '',
    [ANTHROPIC]: ({ content, delta }) => content?.[0].text ?? delta?.text ?? '',
    [RESPONSES]: ({ output, delta }) => output?.[0].content[0].text ?? delta ?? '',
    [CHAT]: ({ message }) => message.content,
    [GENERATE]: ({ response }) => response,
  }

  test.each([
    [OPENAI, { messages }],
    [ANTHROPIC, { messages, max_tokens: 999 }],
    [RESPONSES, { input: 'hi' }],
    [CHAT, { messages }],
    [GENERATE, { prompt: 'hi' }],
  ])('%s', async (path, body) => {
    await using simulator = await startFast()
    const ask = (stream: boolean) =>
      post(simulator.url + path, { model: 'm', stream, ...body }, path === ANTHROPIC ? VERSION : {})
    const said = textOf[path] ?? String
    const streamed = await ask(true)
    const pieces = path.startsWith('/api')
      ? (await linesOf(streamed)).map(said)
      : (await eventsOf(streamed)).map(({ data }) => (typeof data === 'string' ? '' : said(data)))
    const whole = said(await jsonOf(await ask(false)))
    expect(pieces.join('')).toBe(whole)
    expect(whole).toMatch(/simulator/)
  })

  test('Gemini, in all three ways', async () => {
    await using simulator = await startFast()
    const textIn = ({ candidates }: Json) => candidates[0].content.parts[0].text
    const events = await eventsOf(await post(`${simulator.url}${GEMINI}?alt=sse`, { contents }))
    const array = await jsonOf(await post(simulator.url + GEMINI, { contents }))
    const whole = await jsonOf(await post(`${simulator.url}/v1beta/models/m:generateContent`, { contents }))
    expect(events.map(({ data }) => textIn(data)).join('')).toBe(textIn(whole))
    expect(array.map(textIn).join('')).toBe(textIn(whole))
    expect(array.at(-1).usageMetadata).toEqual(whole.usageMetadata)
  })
})

describe('lists of models', () => {
  test.each([
    ['/v1/models', {}, { data: [{ id: 'simulator', object: 'model' }] }],
    ['/v1/models', VERSION, { data: [{ id: 'simulator', type: 'model' }] }],
    ['/v1beta/models', {}, { models: [{ name: 'models/simulator' }] }],
    ['/api/tags', {}, { models: [{ name: 'simulator' }] }],
  ])('%s %j', async (path, headers, expected) => {
    await using simulator = await startFast()
    expect(await jsonOf(await fetch(simulator.url + path, { headers }))).toMatchObject(expected)
  })
})

describe('400 for a body that', () => {
  const tool = (name: unknown) => [{ type: 'function', function: { name } }]
  test.each([
    [
      'OpenAI: has a tool without a name',
      OPENAI,
      { model: 'm', messages, tools: tool(undefined) },
      /tools\[0\]\.function\.name|tools\[0\]/,
    ],
    ['OpenAI: has a tool with a bad name', OPENAI, { model: 'm', messages, tools: tool('a b') }, /letters, digits/],
    [
      'OpenAI: has 129 tools',
      OPENAI,
      { model: 'm', messages, tools: Array.from({ length: 129 }, () => tool('t')[0]) },
      /128/,
    ],
    [
      'OpenAI: chooses a tool that is not there',
      OPENAI,
      { model: 'm', messages, tools: tool('t'), tool_choice: { type: 'function', function: { name: 'u' } } },
      /tool_choice/,
    ],
    ['OpenAI: must call one of no tools', OPENAI, { model: 'm', messages, tool_choice: 'required' }, /tool_choice/],
    [
      'OpenAI: answers a call that never was',
      OPENAI,
      { model: 'm', messages: [...messages, { role: 'tool', tool_call_id: 'x', content: 'y' }] },
      /call that was made/,
    ],
    ['Responses: has no input', RESPONSES, { model: 'm' }, /input/],
    ['Responses: has an empty input', RESPONSES, { model: 'm', input: [] }, /input/],
    [
      'Responses: asks for 15 tokens',
      RESPONSES,
      { model: 'm', input: 'hi', max_output_tokens: 15 },
      /max_output_tokens/,
    ],
    ['Responses: has an unknown role', RESPONSES, { model: 'm', input: [{ role: 'robot', content: 'hi' }] }, /role/],
    [
      'Responses: answers a call that never was',
      RESPONSES,
      { model: 'm', input: [{ type: 'function_call_output', call_id: 'x', output: 'y' }] },
      /call_id/,
    ],
    [
      'Messages: answers a call that never was',
      ANTHROPIC,
      {
        model: 'm',
        max_tokens: 9,
        messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: 'y' }] }],
      },
      /tool_use_id/,
    ],
    [
      'Messages: has a tool without a schema',
      ANTHROPIC,
      { model: 'm', max_tokens: 9, messages, tools: [{ name: 't' }] },
      /input_schema/,
    ],
    [
      'Messages: thinks for too little',
      ANTHROPIC,
      { model: 'm', max_tokens: 9, messages, thinking: { type: 'enabled', budget_tokens: 9 } },
      /budget_tokens/,
    ],
    [
      'Messages: thinks for more than it may say',
      ANTHROPIC,
      { model: 'm', max_tokens: 2000, messages, thinking: { type: 'enabled', budget_tokens: 2000 } },
      /max_tokens/,
    ],
    ['Gemini: has no contents', GEMINI, {}, /contents/],
    ['Gemini: has a content without parts', GEMINI, { contents: [{ role: 'user' }] }, /parts/],
    ['Gemini: has an unknown role', GEMINI, { contents: [{ role: 'assistant', parts: [] }] }, /role/],
    ['Gemini: is too hot', GEMINI, { contents, generationConfig: { temperature: 3 } }, /temperature/],
    [
      'Gemini: has six stop sequences',
      GEMINI,
      { contents, generationConfig: { stopSequences: [...'abcdef'] } },
      /stopSequences/,
    ],
    ['Ollama: has no model', CHAT, { messages }, /model/],
    ['Ollama: has no messages', CHAT, { model: 'm' }, /messages/],
    ['Ollama: has no prompt', GENERATE, { model: 'm' }, /prompt/],
  ])('%s', async (_, path, body, message) => {
    await using simulator = await startFast()
    const response = await post(simulator.url + path, body, path === ANTHROPIC ? VERSION : {})
    expect(response.status).toBe(400)
    const { error } = await jsonOf(response)
    expect(error.message ?? error).toMatch(message)
  })
})

describe('a schema is not to be trusted:', () => {
  const deep = (depth: number): object =>
    depth === 0 ? { type: 'string' } : { type: 'object', properties: { a: deep(depth - 1) } }
  const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, { type: 'string' }]))
  test.each([
    ['deep', deep(500)],
    ['wide', { type: 'object', properties: wide }],
    ['nonsense', { type: 7, properties: 'x', enum: [], anyOf: [1] }],
    ['a prototype', JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}')],
    [
      'all kinds',
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'number' } },
          b: { enum: ['x', 'y'] },
          c: { type: ['null', 'string'] },
          d: { const: 5 },
          e: { type: 'boolean' },
        },
      },
    ],
  ])('%s', async (_, parameters) => {
    await using simulator = await startFast()
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }]
    const { choices } = await jsonOf(await post(simulator.url + OPENAI, { model: 'm', messages: weather, tools }))
    const [call] = choices[0].message.tool_calls
    expect(JSON.parse(call.function.arguments)).toBeTypeOf('object')
    expect(call.function.arguments.length).toBeLessThan(2000)
  })
})

test('constants of a schema that are too long to send get no arguments, and many names no more than eight calls', async () => {
  await using simulator = await startFast()
  const callsFor = async (parameters: object, content: string) => {
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }]
    const body = { model: 'm', messages: [{ role: 'user', content }], tools }
    return (await jsonOf(await post(simulator.url + OPENAI, body))).choices[0].message.tool_calls
  }
  const constant = (length: number) => ({ properties: { a: { const: 'x'.repeat(length) } } })
  const argumentsOf = async (length: number) => (await callsFor(constant(length), 'weather'))[0].function.arguments
  expect((await argumentsOf(16_384 - '{"a":""}'.length)).length).toBe(16_384)
  expect(await argumentsOf(16_385 - '{"a":""}'.length)).toBe('{}')
  expect(await callsFor({}, 'get_weather '.repeat(100))).toHaveLength(8)
})

describe('a stream is taken up again', () => {
  test.each([
    [OPENAI, { model: 'm', stream: true, messages }],
    [ANTHROPIC, { model: 'm', stream: true, max_tokens: 50, messages }],
    [CHAT, { model: 'm', messages }],
    [GEMINI, { contents }],
  ])('at a byte: %s', async (path, body) => {
    await using simulator = await startFast({ now, words: { min: 10, max: 10 } })
    const first = await post(simulator.url + path, body, { ...VERSION, 'x-conversation-id': path })
    const all = new Uint8Array(await first.arrayBuffer())
    const rests = [0, 1, 100, all.length - 1, all.length, all.length + 1].map(async (from) => {
      const rest = await fetch(`${simulator.url}/v1/stream?conv_id=${encodeURIComponent(path)}&from=${from}`)
      expect(Buffer.from(await rest.arrayBuffer())).toEqual(Buffer.from(all.subarray(from)))
      expect(rest.headers.get('content-type')).toBe(first.headers.get('content-type'))
    })
    await Promise.all(rests)
  })

  test('but not when so many came after it, of which one that was asked again is the last', () => {
    const kept = createKeptAnswers(2)
    const answer = {} as KeptAnswer
    for (const name of ['a', 'b', 'a', 'c']) kept.keep(name, answer)
    expect(['a', 'b', 'c'].map((name) => kept.find(name) !== undefined)).toEqual([true, false, true])
  })

  test('but not one that never was, nor from nowhere', async () => {
    await using simulator = await startFast()
    await post(simulator.url + OPENAI, { model: 'm', messages }, { 'x-conversation-id': 'a' })
    const status = async (query: string) => (await fetch(`${simulator.url}/v1/stream?${query}`)).status
    expect(await Promise.all(['conv_id=b', 'from=1', 'conv_id=a&from=-1', 'conv_id=a&from=x'].map(status))).toEqual([
      404, 404, 400, 400,
    ])
  })

  test('by its id, if it was stored, and as a stream only if it was made in the background', async () => {
    await using simulator = await startFast()
    const status = async (body: object, query: string) => {
      const { id } = await jsonOf(await post(simulator.url + RESPONSES, { model: 'm', input: 'hi', ...body }))
      return (await fetch(`${simulator.url}${RESPONSES}/${id}${query}`)).status
    }
    expect(await status({}, '')).toBe(200)
    expect(await status({ store: false }, '')).toBe(404)
    expect(await status({}, '?stream=true')).toBe(400)
    expect(await status({ background: true }, '?stream=true')).toBe(200)
    expect(await status({ background: true }, '?stream=true&starting_after=x')).toBe(400)
  })
})

describe('limits:', () => {
  test('too many answers at a time are told that the model is overloaded, and there is room again afterwards', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startSimulator({ maxAnswers: 1, firstTokenDelay: 2 ** 30, onFinish })
    const leave = new AbortController()
    const body = JSON.stringify({ model: 'm', messages, stream: true })
    const headers = { 'content-type': 'application/json' }
    const first = await fetch(simulator.url + OPENAI, { method: 'POST', body, headers, signal: leave.signal })
    expect(first.status).toBe(200)
    const second = await post(simulator.url + OPENAI, body)
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await post(simulator.url + ANTHROPIC, { model: 'm', max_tokens: 9, messages }, VERSION)).status).toBe(529)
    expect((await post(simulator.url + ANTHROPIC, {}, VERSION)).status).toBe(400) // what is wrong is wrong first
    leave.abort()
    await simulator.close()
    expect(await finished).toMatchObject({ complete: false, tokens: 0 })
  })

  test('clients that leave are counted, and make room for others', async () => {
    const MANY = 20
    let gone = 0
    let allGone = (): void => {}
    const over = new Promise<void>((resolve) => {
      allGone = resolve
    })
    const onFinish = ({ complete }: { readonly complete: boolean }) => {
      gone += complete ? 0 : 1
      if (gone === MANY) allGone()
    }
    const pace = { tokensPerSecond: 200, firstTokenDelay: 0, words: { min: 2000, max: 2000 } }
    await using simulator = await startSimulator({ ...pace, maxAnswers: MANY, onFinish })
    const body = JSON.stringify({ model: 'm', messages, stream: true })
    const headers = { 'content-type': 'application/json' }
    const leave = new AbortController()
    const ask = () => fetch(simulator.url + OPENAI, { method: 'POST', body, headers, signal: leave.signal })
    const all = await Promise.all(Array.from({ length: MANY }, ask))
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200))
    expect((await post(simulator.url + OPENAI, body)).status).toBe(503)
    leave.abort()
    await over
    const short = { model: 'm', messages, max_tokens: 1 }
    expect((await post(simulator.url + OPENAI, short)).status).toBe(200)
  })

  test('who asks too often is told when to come back, in the shape of the service', async () => {
    await using simulator = await startFast({ requestsPerMinute: 2, now })
    const ask = () => post(simulator.url + OPENAI, { model: 'm', messages })
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
    const third = await ask()
    expect([
      third.status,
      third.headers.get('retry-after'),
      third.headers.get('x-ratelimit-remaining-requests'),
    ]).toEqual([429, '30', '0'])
    expect(await jsonOf(third)).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
    const gemini = await post(simulator.url + GEMINI, { contents })
    expect(await jsonOf(gemini)).toMatchObject({
      error: { status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '30s' }] },
    })
  })

  test('who has used up all tokens is told so, too', async () => {
    let time = 0
    await using simulator = await startFast({ tokensPerMinute: 100, words: { min: 150, max: 200 }, now: () => time })
    const status = async () => (await post(simulator.url + OPENAI, { model: 'm', messages })).status
    expect([await status(), await status()]).toEqual([200, 429])
    time = 60_000
    expect(await status()).toBe(200)
  })

  test('an answer that takes too long is cut', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ answerTimeout: 1, onFinish, faults: 'comments-only=1ms@1' })
    const response = await post(simulator.url + OPENAI, { model: 'm', messages, stream: true })
    await expect(response.text()).rejects.toThrow()
    expect(await finished).toMatchObject({ complete: false })
  })

  test.each([
    { maxAnswers: 0 },
    { answerTimeout: 0 },
    { requestsPerMinute: 0 },
    { tokensPerMinute: -1 },
    { speed: -1 },
  ])('%j is the caller’s mistake', async (options) => {
    await expect(startSimulator(options)).rejects.toBeInstanceOf(RangeError)
  })
})
