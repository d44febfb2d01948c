import {
  anthropic,
  type Chat,
  describeEnv,
  firstModel,
  gemini,
  ollama,
  openai,
  openaiResponses,
  type Provider,
  providerFromEnv,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import type { TransportRequest } from '@sse-from-scratch/sse-client'
import { describe, expect, test } from 'vitest'
import { decode, providers, transcripts } from './transcripts.ts'
import { bytes, chat, dataOnly, outcomeOf, replying } from './wire.ts'

interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** What a provider would send, without sending it. */
function sent(provider: Provider, asked: Chat = chat): Sent {
  let seen: TransportRequest | undefined
  streamChat(provider, asked, {
    transport: (request) => {
      seen = request
      return new Promise(() => {})
    },
  }).abort()
  return { url: `${seen?.url}`, headers: { ...seen?.headers }, body: JSON.parse(String(seen?.body)) }
}

const call = { id: 'a', name: 'read', arguments: '{"path":"x"}', args: { path: 'x' }, complete: true }
const other = { ...call, id: 'call-0-1', name: 'now', arguments: '', args: {}, signature: 'c2ln' }
const conversation: Chat = {
  model: 'm',
  maxTokens: 100,
  temperature: 0.5,
  tools: [{ name: 'read', description: 'Reads.', parameters: { type: 'object' } }],
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Read x.' },
    { role: 'assistant', content: 'So.', toolCalls: [call, other] },
    { role: 'tool', content: '{"x":1}', toolCallId: 'a' },
    { role: 'tool', content: 'noon', toolCallId: 'call-0-1' },
    { role: 'user', content: 'Thanks.' },
  ],
}

describe('where a request goes', () => {
  test.each([
    [openaiResponses(), 'https://api.openai.com/v1/responses'],
    [openaiResponses({ baseUrl: 'http://localhost:1234' }), 'http://localhost:1234/v1/responses'],
    [gemini(), 'https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse'],
    [gemini({ baseUrl: 'http://localhost:1' }), 'http://localhost:1/v1beta/models/m:streamGenerateContent?alt=sse'],
    [
      gemini({ baseUrl: 'https://x-aiplatform.googleapis.com/v1/projects/p/locations/x/publishers/google' }),
      'https://x-aiplatform.googleapis.com/v1/projects/p/locations/x/publishers/google/models/m:streamGenerateContent?alt=sse',
    ],
    [ollama(), 'http://127.0.0.1:11434/api/chat'],
    [ollama({ baseUrl: 'http://localhost:1/api' }), 'http://localhost:1/api/chat'],
  ])('of $name at $baseUrl', (provider, expected) => {
    expect(sent(provider).url).toBe(expected)
  })

  test.each([
    ['models/gemini-x', '/v1beta/models/gemini-x:stream'],
    ['tunedModels/mine', '/v1beta/tunedModels/mine:stream'],
    ['a b?c#d', '/v1beta/models/a%20b%3Fc%23d:stream'],
  ])('a Gemini model called %s cannot lead it elsewhere', (model, path) => {
    expect(sent(gemini(), { ...chat, model }).url).toContain(`.com${path}`)
  })

  test('a Gemini model whose name is a way out of the models is a TypeError', () => {
    for (const model of ['../corpora', 'models/..', './x']) {
      expect(() => sent(gemini(), { ...chat, model })).toThrow(TypeError)
    }
  })
})

test('each sends the key its own way, and only there', () => {
  const own = (provider: Provider) => {
    const { headers, url, body } = sent(provider)
    expect(url + JSON.stringify(body)).not.toContain('secret')
    return Object.entries(headers).filter(([, value]) => value.includes('secret'))
  }
  expect(own(openaiResponses({ apiKey: 'secret' }))).toEqual([['Authorization', 'Bearer secret']])
  expect(own(gemini({ apiKey: 'secret' }))).toEqual([['x-goog-api-key', 'secret']])
  expect(own(ollama({ apiKey: 'secret' }))).toEqual([['Authorization', 'Bearer secret']])
})

describe('the body', () => {
  test('has no list of tools where there are none: an empty one is refused', () => {
    for (const make of [openai, openaiResponses, anthropic, gemini, ollama]) {
      expect(sent(make(), { ...chat, tools: [] }).body).toEqual(sent(make()).body)
    }
  })

  test('of Responses: a call and an answer to one are items', () => {
    expect(sent(openaiResponses(), conversation).body).toEqual({
      model: 'm',
      max_output_tokens: 100,
      temperature: 0.5,
      stream: true,
      stream_options: { include_obfuscation: false },
      tools: [{ type: 'function', name: 'read', description: 'Reads.', parameters: { type: 'object' }, strict: false }],
      input: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Read x.' },
        { role: 'assistant', content: 'So.' },
        { type: 'function_call', call_id: 'a', name: 'read', arguments: '{"path":"x"}' },
        { type: 'function_call', call_id: 'call-0-1', name: 'now', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: '{"x":1}' },
        { type: 'function_call_output', call_id: 'call-0-1', output: 'noon' },
        { role: 'user', content: 'Thanks.' },
      ],
    })
    expect(sent(openaiResponses({ baseUrl: 'http://localhost:1' })).body).toEqual({
      model: 'm',
      input: chat.messages,
      stream: true,
    })
  })

  test('of Gemini: the system apart, answers in one turn, signatures back, no ids of ours', () => {
    const { body } = sent(gemini(), { ...conversation, extra: { generationConfig: { topK: 1 } } })
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      generationConfig: { maxOutputTokens: 100, temperature: 0.5, topK: 1 },
      tools: [
        {
          functionDeclarations: [{ name: 'read', description: 'Reads.', parametersJsonSchema: { type: 'object' } }],
        },
      ],
      contents: [
        { role: 'user', parts: [{ text: 'Read x.' }] },
        {
          role: 'model',
          parts: [
            { text: 'So.' },
            { functionCall: { id: 'a', name: 'read', args: { path: 'x' } } },
            { functionCall: { name: 'now', args: {} }, thoughtSignature: 'c2ln' },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'a', name: 'read', response: { x: 1 } } },
            { functionResponse: { name: 'now', response: { output: 'noon' } } },
          ],
        },
        { role: 'user', parts: [{ text: 'Thanks.' }] },
      ],
    })
    expect(sent(gemini()).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'How much wood?' }] }] })
  })

  test('of Ollama: an answer says which tool it is from', () => {
    expect(sent(ollama(), { ...conversation, extra: { think: true, options: { seed: 1 } } }).body).toEqual({
      model: 'm',
      stream: true,
      think: true,
      options: { num_predict: 100, temperature: 0.5, seed: 1 },
      tools: [{ type: 'function', function: { name: 'read', description: 'Reads.', parameters: { type: 'object' } } }],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Read x.' },
        {
          role: 'assistant',
          content: 'So.',
          tool_calls: [
            { function: { name: 'read', arguments: { path: 'x' } } },
            { function: { name: 'now', arguments: {} } },
          ],
        },
        { role: 'tool', content: '{"x":1}', tool_name: 'read' },
        { role: 'tool', content: 'noon', tool_name: 'now' },
        { role: 'user', content: 'Thanks.' },
      ],
    })
    expect(sent(ollama()).body).toEqual({ model: 'm', messages: chat.messages, stream: true })
  })

  test.each([gemini(), ollama()])('of $name cannot be made of an answer to a call that nobody made', (provider) => {
    const messages = [...chat.messages, { role: 'tool', content: 'X', toolCallId: 'nobody' } as const]
    expect(() => streamChat(provider, { ...chat, messages })).toThrow(TypeError)
  })

  test('of a custom tool hands back its text', () => {
    const custom = { ...call, arguments: 'SELECT 1', args: 'SELECT 1', custom: true } as const
    const messages = [
      { role: 'assistant', content: '', toolCalls: [custom] },
      { role: 'tool', content: '1', toolCallId: 'a' },
    ] as const
    expect(sent(openaiResponses(), { ...chat, messages }).body['input']).toEqual([
      { type: 'custom_tool_call', call_id: 'a', name: 'read', input: 'SELECT 1' },
      { type: 'custom_tool_call_output', call_id: 'a', output: '1' },
    ])
    expect(sent(openai(), { ...chat, messages }).body['messages']).toMatchObject([
      { tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'read', input: 'SELECT 1' } }] },
      { role: 'tool', tool_call_id: 'a' },
    ])
  })

  test('of Chat Completions gives Gemini its signature back', () => {
    const messages = [{ role: 'assistant', content: '', toolCalls: [other] }] as const
    expect(sent(openai(), { ...chat, messages }).body['messages']).toMatchObject([
      { tool_calls: [{ extra_content: { google: { thought_signature: 'c2ln' } } }] },
    ])
  })
})

describe('a turn that its provider wants back', () => {
  /** The answer of a transcript, handed back. */
  function handedBack(name: string): unknown {
    const found = transcripts.find((transcript) => transcript.name === name)
    if (!found) throw new Error(`no transcript ${name}`)
    const { text, toolCalls, turn } = decode(found.provider, [found.body]).answer
    const messages = [...chat.messages, { role: 'assistant', content: text, toolCalls, turn } as const]
    const { body } = sent(found.provider, { ...chat, messages })
    const turns = (body['messages'] ?? body['input']) as readonly unknown[]
    return turns.slice(1)
  }

  test('has thinking with its signature, and calls with their input', () => {
    expect(handedBack('anthropic/thinking-and-calls')).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'EqQB' },
          { type: 'tool_use', id: 'toolu_a', name: 'read', input: { path: 'a' } },
          { type: 'tool_use', id: 'toolu_b', name: 'now', input: {} },
        ],
      },
    ])
  })

  test('has what the service ran itself, to be continued after a pause', () => {
    expect(handedBack('anthropic/server-tools')).toMatchObject([
      {
        content: [
          { type: 'server_tool_use', input: { query: 'x' } },
          { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1' },
          { type: 'text', text: 'a' },
        ],
      },
    ])
  })

  test('has the thoughts that led to a call, for servers that send them as reasoning_content', () => {
    expect(handedBack('openai/lm-studio')).toMatchObject([
      { role: 'assistant', reasoning_content: 'hm', tool_calls: [{ id: '365174485' }] },
    ])
  })

  test('has sealed reasoning', () => {
    expect(handedBack('openai-responses/sealed-reasoning')).toMatchObject([
      { type: 'reasoning', encrypted_content: 'gAAA' },
      { type: 'function_call', call_id: 'call_a' },
    ])
  })

  test('means nothing to another provider', () => {
    const turn = { provider: 'anthropic', content: [{ type: 'thinking' }] }
    const messages = [{ role: 'assistant', content: 'a', turn }] as const
    expect(sent(openaiResponses(), { ...chat, messages }).body['input']).toEqual([{ role: 'assistant', content: 'a' }])
    expect(sent(openai(), { ...chat, messages }).body['messages']).toEqual([{ role: 'assistant', content: 'a' }])
  })

  test.each([
    'anthropic/plain',
    'openai/deepseek',
    'openai/ollama',
    'anthropic/llama-server',
    'anthropic/max-tokens-in-a-call',
    'openai-responses/plain',
  ])('is none where text and calls say everything, or a block could not be taken back: %s', (name) => {
    const found = transcripts.find((transcript) => transcript.name === name)
    expect(found && decode(found.provider, [found.body]).answer.turn).toBeUndefined()
  })

  test('has a block less than would fill the memory: one more than 4096 is an error', async () => {
    const blocks = (count: number) =>
      dataOnly(
        ...Array.from({ length: count }, (_, index) => ({ type: 'content_block_start', index, content_block: {} })),
        { type: 'message_stop' },
      )
    expect((await outcomeOf(anthropic(), blocks(4096))).complete).toBe(true)
    expect((await outcomeOf(anthropic(), blocks(4097))).error?.code).toBe('LLM_PROTOCOL')
  })
})

describe('calls of Responses are told apart', () => {
  const item = (item: unknown, more = {}) => ({ type: 'response.output_item.added', item, ...more })
  const delta = (delta: string, more = {}) => ({ type: 'response.function_call_arguments.delta', delta, ...more })
  const end = { type: 'response.completed' }
  const read = { type: 'function_call', name: 'read' }

  test.each([
    [
      'by nothing: the one that is open goes on',
      [item({ ...read, call_id: 'a' }), delta('{"x"'), delta(':1}')],
      ['a {"x":1}'],
    ],
    [
      'by nothing, one after the other',
      [
        item({ ...read, call_id: 'a' }),
        delta('{}'),
        { type: 'response.output_item.done', item: { ...read, call_id: 'a' } },
        item({ ...read, call_id: 'b' }),
        delta('{"x":1}'),
      ],
      ['a {}', 'b {"x":1}'],
    ],
    [
      'by output_index alone',
      [
        item({ ...read, call_id: 'a' }, { output_index: 0 }),
        item({ ...read, call_id: 'b' }, { output_index: 1 }),
        delta('{"x":1}', { output_index: 0 }),
        delta('{"y":1}', { output_index: 1 }),
      ],
      ['a {"x":1}', 'b {"y":1}'],
    ],
    [
      'although deltas come before their item',
      [delta('{"x":1}', { item_id: 'fc' }), item({ ...read, id: 'fc', call_id: 'a' })],
      ['a {"x":1}'],
    ],
    [
      'although only the end of an item says what it is',
      [{ type: 'response.output_item.done', item: { ...read, id: 'fc', call_id: 'a', arguments: '{"x":1}' } }],
      ['a {"x":1}'],
    ],
  ])('%s', async (_, events, expected) => {
    const { toolCalls, complete } = await outcomeOf(openaiResponses(), dataOnly(...events, end))
    expect(complete).toBe(true)
    expect(toolCalls.map(({ id, name, arguments: text }) => [`${id} ${text}`, name])).toEqual(
      expected.map((call) => [call, 'read']),
    )
  })
})

describe('what a server can make grow', () => {
  const ollamaCalls = (count: number) =>
    `${JSON.stringify({ message: { tool_calls: Array(count).fill({ function: { name: 'f' } }) }, done: true, done_reason: 'stop' })}\n`
  const geminiCalls = (count: number) =>
    dataOnly({
      candidates: [{ content: { parts: Array(count).fill({ functionCall: { name: 'f' } }) }, finishReason: 'STOP' }],
    })
  const responsesCalls = (count: number) =>
    dataOnly(
      ...Array.from({ length: count }, (_, at) => ({
        type: 'response.output_item.added',
        item: { type: 'function_call', call_id: `${at}` },
      })),
      { type: 'response.completed' },
    )

  test.each([
    ['ollama', ollamaCalls],
    ['gemini', geminiCalls],
    ['openai-responses', responsesCalls],
  ])('is 1024 calls of %s and not one more', async (name, wire) => {
    const provider = providers[name] as Provider
    expect((await outcomeOf(provider, wire(1024))).toolCalls.length).toBe(1024)
    expect((await outcomeOf(provider, wire(1025))).error?.code).toBe('LLM_PROTOCOL')
  })

  test('is 1024 candidates of Gemini and not one more', async () => {
    const wire = (count: number) =>
      dataOnly({ candidates: Array.from({ length: count }, (_, index) => ({ index, finishReason: 'STOP' })) })
    expect((await outcomeOf(gemini(), wire(1024))).choices.length).toBe(1024)
    expect((await outcomeOf(gemini(), wire(1025))).error?.code).toBe('LLM_PROTOCOL')
  })

  test('is 1024 open parts of a response and not one more', async () => {
    const wire = (count: number) =>
      dataOnly(
        ...Array.from({ length: count }, (_, at) => ({
          type: 'response.output_text.delta',
          item_id: `${at}`,
          delta: 'x',
        })),
        { type: 'response.completed' },
      )
    expect((await outcomeOf(openaiResponses(), wire(1024))).text.length).toBe(1024)
    expect((await outcomeOf(openaiResponses(), wire(1025))).error?.code).toBe('LLM_PROTOCOL')
  })

  test('is 4096 items of a response and not one more', async () => {
    const wire = (count: number) =>
      dataOnly(
        ...Array.from({ length: count }, (_, output_index) => ({
          type: 'response.output_item.done',
          output_index,
          item: { type: 'message', content: [{ type: 'output_text', text: 'x' }] },
        })),
        { type: 'response.completed' },
      )
    expect((await outcomeOf(openaiResponses(), wire(4096))).text.length).toBe(4096)
    expect((await outcomeOf(openaiResponses(), wire(4097))).error?.code).toBe('LLM_PROTOCOL')
  })

  test('is a line of maxEventSize bytes and not one more', async () => {
    const line = JSON.stringify({ message: { content: 'x'.repeat(500) }, done: true, done_reason: 'stop' })
    const outcome = (maxEventSize: number) =>
      streamChat(ollama(), chat, { transport: replying([bytes(`${line}\n`)]), maxEventSize }).outcome
    expect((await outcome(line.length)).complete).toBe(true)
    expect((await outcome(line.length - 1)).error?.code).toBe('LLM_PROTOCOL')
  })

  test('is not what follows the last line: however long it is, the answer is complete', async () => {
    const wire = `${JSON.stringify({ message: {}, done: true, done_reason: 'stop' })}\n${'x'.repeat(500)}`
    const transport = replying([bytes(wire)])
    expect((await streamChat(ollama(), chat, { transport, maxEventSize: 100 }).outcome).complete).toBe(true)
  })

  test.each([
    ['nowhere', 'x'],
    ['no path', undefined],
    ['an index that would set memory aside', '$.a[999999]'],
    ['deeper than 64 steps', `$${'.a'.repeat(65)}`],
  ])('is not the arguments of a call: a path to %s is an error', async (_, jsonPath) => {
    const functionCall = { name: 'f', partialArgs: [{ jsonPath, stringValue: 'x' }], willContinue: true }
    const { error } = await outcomeOf(gemini(), dataOnly({ candidates: [{ content: { parts: [{ functionCall }] } }] }))
    expect(error?.code).toBe('LLM_PROTOCOL')
  })

  test('is no prototype: __proto__ is a name like any other', async () => {
    const partialArgs = [{ jsonPath: '$.__proto__.polluted', boolValue: true }]
    const parts = [{ functionCall: { name: 'f', partialArgs } }]
    const { toolCalls } = await outcomeOf(
      gemini(),
      dataOnly({ candidates: [{ content: { parts }, finishReason: 'STOP' }] }),
    )
    expect(toolCalls[0]?.arguments).toBe('{"__proto__":{"polluted":true}}')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('the environment', () => {
  test.each([
    [{ GEMINI_API_KEY: 'g' }, 'gemini', 'https://generativelanguage.googleapis.com/v1beta'],
    [{ GEMINI_API_KEY: 'g', ANTHROPIC_API_KEY: 'a' }, 'anthropic', 'https://api.anthropic.com'],
    [
      { GEMINI_API_KEY: 'g', OPENAI_BASE_URL: 'http://h/v1' },
      'gemini',
      'https://generativelanguage.googleapis.com/v1beta',
    ],
    [{ GEMINI_API_KEY: 'g', LLM_BASE_URL: 'http://h/v1' }, 'openai', 'http://h/v1'],
    [{ GEMINI_BASE_URL: 'http://h' }, 'gemini', 'http://h/v1beta'],
    [{ OLLAMA_BASE_URL: 'http://h' }, 'ollama', 'http://h'],
    [{ LLM_PROVIDER: 'ollama' }, 'ollama', 'http://127.0.0.1:11434'],
    [{ LLM_PROVIDER: 'ollama', LLM_BASE_URL: 'http://h', OPENAI_API_KEY: 'o' }, 'ollama', 'http://h'],
    [
      { LLM_PROVIDER: 'gemini', OPENAI_API_KEY: 'o', GEMINI_API_KEY: 'g' },
      'gemini',
      'https://generativelanguage.googleapis.com/v1beta',
    ],
    [{ LLM_PROVIDER: 'openai-responses', OPENAI_API_KEY: 'o' }, 'openai-responses', 'https://api.openai.com/v1'],
    [{ LLM_PROVIDER: 'anthropic' }, 'anthropic', 'https://api.anthropic.com'],
  ] as const)('%j asks %s', (env, name, baseUrl) => {
    const provider = providerFromEnv(env)
    expect({ name: provider?.name, baseUrl: provider?.baseUrl }).toEqual({ name, baseUrl })
  })

  test('gives LLM_BASE_URL no key but its own, whatever it speaks', () => {
    const env = { LLM_PROVIDER: 'gemini', LLM_BASE_URL: 'http://h', GEMINI_API_KEY: 'secret' }
    expect(JSON.stringify(sent(providerFromEnv(env) as Provider).headers)).not.toContain('secret')
    const own = { ...env, LLM_API_KEY: 'mine' }
    expect(sent(providerFromEnv(own) as Provider).headers).toMatchObject({ 'x-goog-api-key': 'mine' })
  })

  test.each(['chatgpt', 'toString', 'OPENAI'])('LLM_PROVIDER=%s is a TypeError that says what there is', (name) => {
    expect(() => providerFromEnv({ LLM_PROVIDER: name })).toThrow(/LLM_PROVIDER.*openai-responses.*ollama/)
  })

  test('has something to say about settings without effect', () => {
    expect(describeEnv({ LLM_MODEL: 'm' })).toHaveLength(1)
    for (const asked of [{ GEMINI_API_KEY: 'g' }, { OLLAMA_BASE_URL: 'http://h' }, { LLM_PROVIDER: 'ollama' }]) {
      expect(describeEnv({ LLM_MODEL: 'm', ...asked })).toEqual([])
    }
  })
})

test.each([
  [
    gemini(),
    {
      models: [
        { name: 'models/embed', supportedGenerationMethods: ['embedContent'] },
        { name: 'models/g', supportedGenerationMethods: ['generateContent'] },
      ],
    },
    'models/g',
  ],
  [ollama(), { models: [{ name: 'qwen3:8b', model: 'qwen3:8b' }] }, 'qwen3:8b'],
])('the first model of $name that chats is found in its list', async (provider, list, expected) => {
  const transport = replying([bytes(JSON.stringify(list))], { contentType: 'application/json' })
  expect(await firstModel(provider, { transport })).toBe(expected)
})

describe('an item of a response that is over', () => {
  const message = { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] }
  const done = (output_index?: number) => ({ type: 'response.output_item.done', output_index, item: message })
  const delta = (text: string, output_index?: number) => ({
    type: 'response.output_text.delta',
    item_id: 'other',
    output_index,
    delta: text,
  })

  test.each([
    ['is told as a whole, if nothing was said in it', [delta('a', 0), done(1)], 'aHi'],
    ['is told once', [done(0), done(0), { type: 'response.completed', response: { output: [message] } }], 'Hi'],
    ['is known by its number, whatever its id', [delta('Hi', 0), done(0)], 'Hi'],
    ['is not told where numbers are missing: it might be twice', [delta('Hi'), done(0)], 'Hi'],
    ['is not told without a number', [delta('Hi', 0), done()], 'Hi'],
  ])('%s', async (_, events, text) => {
    const { answer } = decode(openaiResponses(), [bytes(dataOnly(...events, { type: 'response.completed' }))])
    expect(answer.text).toBe(text)
  })
})
