import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@sse-from-scratch/chunked'
import {
  anthropic,
  type Chat,
  describeEnv,
  firstModel,
  modelFromEnv,
  openai,
  type Provider,
  providerFromEnv,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { fetchTransport, rawTransport, type Transport } from '@sse-from-scratch/sse-client'
import { fetch as undiciFetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { bytes, chat, dataOnly, outcomeOf, replying } from './wire.ts'

interface Seen {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
  body: unknown
}

const answer = dataOnly(
  { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] },
  '[DONE]',
)

/** A stranger's server that keeps what it was asked. */
async function strangersServer(): Promise<{ readonly url: string; readonly seen: Seen[] } & AsyncDisposable> {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers, body: body === '' ? undefined : JSON.parse(body) })
    const list = url.endsWith('/models')
    response.setHeader('Content-Type', list ? 'application/json' : 'text/event-stream')
    if (list) response.end('{"object":"list","data":[{"id":"first-one"},{"id":"second"}]}')
    else for (const piece of answer.match(/.{1,9}/gs) ?? []) response.write(piece)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** What a provider would send, without sending it. */
function sent(
  provider: Provider,
  asked: Chat = chat,
): { url: URL; headers: Record<string, string>; body: Record<string, unknown> } {
  let seen: Parameters<Transport>[0] | undefined
  streamChat(provider, asked, {
    transport: (request) => {
      seen = request
      return new Promise(() => {})
    },
  }).abort()
  return { url: seen?.url as URL, headers: { ...seen?.headers }, body: JSON.parse(String(seen?.body)) }
}

describe('the address', () => {
  test.each([
    [openai(), 'https://api.openai.com/v1/chat/completions'],
    [openai({ baseUrl: 'http://localhost:1234/v1' }), 'http://localhost:1234/v1/chat/completions'],
    [openai({ baseUrl: 'http://localhost:1234/v1/' }), 'http://localhost:1234/v1/chat/completions'],
    [openai({ baseUrl: 'http://localhost:1234' }), 'http://localhost:1234/v1/chat/completions'],
    [openai({ baseUrl: 'http://localhost:1234/' }), 'http://localhost:1234/v1/chat/completions'],
    [openai({ baseUrl: 'https://openrouter.ai/api/v1' }), 'https://openrouter.ai/api/v1/chat/completions'],
    [
      openai({ baseUrl: 'https://x.example/openai/deployments/d?api-version=2024-10-21' }),
      'https://x.example/openai/deployments/d/chat/completions?api-version=2024-10-21',
    ],
    [anthropic(), 'https://api.anthropic.com/v1/messages'],
    [anthropic({ baseUrl: 'http://localhost:1234/' }), 'http://localhost:1234/v1/messages'],
    [anthropic({ baseUrl: 'http://localhost:1234/v1' }), 'http://localhost:1234/v1/messages'],
  ])('of $baseUrl ends where its requests go', (provider, expected) => {
    expect(sent(provider).url.href).toBe(expected)
  })

  test.each(['localhost:1234/v1', 'ftp://localhost', '', 'nonsense'])('%j is a TypeError', (baseUrl) => {
    expect(() => openai({ baseUrl })).toThrow(TypeError)
    expect(() => anthropic({ baseUrl })).toThrow(TypeError)
  })

  test.each([
    ['localhost:1234/v1', 'http://localhost:1234/v1'],
    ['localhost', 'http://localhost'],
    ['127.0.0.1:11434', 'http://127.0.0.1:11434'],
    ['[::1]:8080/v1', 'http://[::1]:8080/v1'],
    ['openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
    ['sk-proj-0123456789', 'http://localhost:1234/v1'],
    ['eyJhbGciOi.eyJzdWIiOi.SflKxwRJSM', 'http://localhost:1234/v1'],
    ['user:secret@localhost/v1', 'http://localhost:1234/v1'],
    ['localhost:1234/v1?key=secret', 'http://localhost:1234/v1'],
  ])('%j lacks its scheme: the message says what was meant, or else repeats nothing', (baseUrl, meant) => {
    expect(() => openai({ baseUrl, baseUrlName: 'MY_URL' })).toThrow(
      new TypeError(`the base URL (MY_URL) must begin with http:// or https://, as in ${meant}`),
    )
  })
})

describe('the headers', () => {
  test('carry the key as the provider wants it', () => {
    expect(sent(openai({ apiKey: 'k' })).headers).toMatchObject({ Authorization: 'Bearer k' })
    expect(sent(anthropic({ apiKey: 'k' })).headers).toMatchObject({
      'x-api-key': 'k',
      'anthropic-version': '2023-06-01',
    })
    const newer = sent(anthropic({ apiKey: 'k', version: '2026-10-21' })).headers
    expect(newer).toMatchObject({ Authorization: 'Bearer k', 'anthropic-version': '2026-10-21' })
    expect(newer).not.toHaveProperty('x-api-key')
    expect(sent(openai()).headers).not.toHaveProperty('Authorization')
  })

  test('of the caller replace ours, in any case, and never double them', () => {
    const { headers } = sent(
      openai({ apiKey: 'k', headers: { authorization: 'Basic x', accept: '*/*', 'OpenAI-Organization': 'o' } }),
    )
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      authorization: 'Basic x',
      accept: '*/*',
      'OpenAI-Organization': 'o',
    })
  })
})

describe('the body', () => {
  const call = { id: 'a', name: 'read', arguments: '{"path":"x"}', args: { path: 'x' }, complete: true }
  const other = { ...call, id: 'b' }
  const conversation: Chat = {
    model: 'm',
    maxTokens: 100,
    temperature: 0.5,
    tools: [{ name: 'read', description: 'Reads.', parameters: { type: 'object' } }],
    extra: { top_p: 0.9, stream: false, stream_options: { x: 1 } },
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Read x.' },
      { role: 'assistant', content: '', toolCalls: [call, other] },
      { role: 'tool', content: 'X', toolCallId: 'a' },
      { role: 'tool', content: 'Y', toolCallId: 'b' },
      { role: 'user', content: 'Thanks.' },
    ],
  }

  test('is Chat Completions for OpenAI', () => {
    expect(sent(openai(), conversation).body).toEqual({
      model: 'm',
      max_completion_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false, x: 1 },
      tools: [{ type: 'function', function: { name: 'read', description: 'Reads.', parameters: { type: 'object' } } }],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Read x.' },
        {
          role: 'assistant',
          content: null,
          tool_calls: ['a', 'b'].map((id) => ({
            id,
            type: 'function',
            function: { name: 'read', arguments: '{"path":"x"}' },
          })),
        },
        { role: 'tool', content: 'X', tool_call_id: 'a' },
        { role: 'tool', content: 'Y', tool_call_id: 'b' },
        { role: 'user', content: 'Thanks.' },
      ],
    })
  })

  test('keeps to what every compatible server knows', () => {
    const { body } = sent(openai({ baseUrl: 'http://localhost:1234/v1' }), { ...chat, maxTokens: 5 })
    expect(body).toEqual({
      model: 'm',
      messages: chat.messages,
      max_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  test('asks for no usage where that is refused: by Mistral, which counts by itself, or by whoever is named', () => {
    const body = (baseUrl: string, extra = {}) => sent(openai({ baseUrl }), { ...chat, extra }).body
    expect(body('https://api.mistral.ai/v1')).toEqual({ model: 'm', messages: chat.messages, stream: true })
    expect(body('http://localhost:1', { stream_options: null })).toEqual(body('https://api.mistral.ai/v1'))
    expect(body('https://api.mistral.ai/v1', { stream_options: {} })).toHaveProperty('stream_options')
  })

  test('is Messages for Anthropic: the system apart, parallel results in one turn', () => {
    expect(sent(anthropic(), conversation).body).toEqual({
      model: 'm',
      max_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      stream: true,
      stream_options: { x: 1 },
      system: 'Be brief.',
      tools: [{ name: 'read', description: 'Reads.', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'Read x.' },
        {
          role: 'assistant',
          content: ['a', 'b'].map((id) => ({ type: 'tool_use', id, name: 'read', input: { path: 'x' } })),
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: 'X' },
            { type: 'tool_result', tool_use_id: 'b', content: 'Y' },
          ],
        },
        { role: 'user', content: 'Thanks.' },
      ],
    })
    expect(sent(anthropic()).body).toEqual({ model: 'm', max_tokens: 4096, stream: true, messages: chat.messages })
  })

  test.each([
    ['no model', { model: '' }, TypeError],
    ['no messages', { messages: [] }, TypeError],
    ["a tool's answer to nothing", { messages: [{ role: 'tool', content: 'X' }] }, TypeError],
    ['no tokens', { maxTokens: 0 }, RangeError],
    ['half a token', { maxTokens: 1.5 }, RangeError],
    ['no temperature', { temperature: Number.NaN }, RangeError],
  ] as const)('with %s is refused before anything is sent', (_, wrong, type) => {
    let asked = false
    const transport: Transport = () => {
      asked = true
      return new Promise(() => {})
    }
    for (const provider of [openai(), anthropic()]) {
      expect(() => streamChat(provider, { ...chat, ...wrong }, { transport })).toThrow(type)
    }
    expect(asked).toBe(false)
  })
})

describe('a server of node:http', () => {
  test.each([
    ['raw', rawTransport()],
    ['fetch', fetchTransport()],
    ['undici', fetchTransport(undiciFetch as unknown as typeof fetch)],
  ])('is understood over the %s transport', async (_, transport) => {
    await using server = await strangersServer()
    const outcome = await streamChat(openai({ baseUrl: server.url, apiKey: 'k' }), chat, { transport }).outcome
    expect(outcome).toMatchObject({ complete: true, text: 'Hello' })
    expect(server.seen).toMatchObject([
      {
        method: 'POST',
        url: '/v1/chat/completions',
        headers: { authorization: 'Bearer k', accept: 'text/event-stream', 'content-type': 'application/json' },
        body: { model: 'm' },
      },
    ])
  })

  test('gives metrics that make sense', async () => {
    await using server = await strangersServer()
    const { metrics } = await streamChat(openai({ baseUrl: server.url }), chat).outcome
    expect(metrics.bytes).toBe(answer.length)
    const { connect = Number.NaN, firstByte = Number.NaN, firstToken = Number.NaN, total } = metrics
    expect([0, connect, firstByte, firstToken, total]).toEqual(
      [0, connect, firstByte, firstToken, total].toSorted((a, b) => a - b),
    )
  })
})

test('tokens of one read are a burst, with no gap between them', async () => {
  const token = (content: string) => ({ id: 'c', choices: [{ index: 0, delta: { content } }] })
  const { metrics } = await outcomeOf(openai(), dataOnly(token('a'), token('b'), token('c'), token('d'), '[DONE]'))
  expect(metrics).toMatchObject({ burstFactor: 0.75, interTokenP50: 0, interTokenP99: 0 })
  expect(metrics).not.toHaveProperty('tokensPerSecond')
})

describe('the environment', () => {
  const local = { LLM_BASE_URL: 'http://localhost:1234/v1' }
  const keys = { OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: 'a' }

  test.each([
    ['nothing', {}, undefined, undefined],
    ['blank', { OPENAI_API_KEY: ' ', LLM_BASE_URL: '' }, undefined, undefined],
    ['OPENAI_API_KEY', { OPENAI_API_KEY: 'o\n' }, 'https://api.openai.com/v1', 'Bearer o'],
    ['ANTHROPIC_API_KEY', { ANTHROPIC_API_KEY: 'a' }, 'https://api.anthropic.com', 'a'],
    ['both keys', keys, 'https://api.openai.com/v1', 'Bearer o'],
    ['OPENAI_BASE_URL', { ...keys, OPENAI_BASE_URL: 'http://h/v1' }, 'http://h/v1', 'Bearer o'],
    ['ANTHROPIC_BASE_URL', { ANTHROPIC_API_KEY: 'a', ANTHROPIC_BASE_URL: 'http://h' }, 'http://h', 'a'],
    ['OPENAI_BASE_URL without a key', { OPENAI_BASE_URL: 'http://h/v1' }, 'http://h/v1', undefined],
    ['ANTHROPIC_BASE_URL without a key', { ANTHROPIC_BASE_URL: 'http://h' }, 'http://h', undefined],
    [
      'a key, before a base URL without one',
      { OPENAI_BASE_URL: 'http://h/v1', ANTHROPIC_API_KEY: 'a' },
      'https://api.anthropic.com',
      'a',
    ],
    ['LLM_BASE_URL, which gets no key of anybody else', { ...keys, ...local }, 'http://localhost:1234/v1', undefined],
    ['LLM_BASE_URL and its key', { ...keys, ...local, LLM_API_KEY: 'l' }, 'http://localhost:1234/v1', 'Bearer l'],
  ])('%s', (_, env, baseUrl, key) => {
    const provider = providerFromEnv(env)
    expect(provider?.baseUrl).toBe(baseUrl)
    const headers: Record<string, string | undefined> = provider ? sent(provider).headers : {}
    expect(headers['Authorization'] ?? headers['x-api-key']).toBe(key)
  })

  test('names the variable to check when the key is refused', () => {
    const sentence = (env: Record<string, string>) =>
      providerFromEnv(env)?.readError(401, { get: () => undefined }, bytes('')).message
    expect(sentence({ ...local, LLM_API_KEY: 'l' })).toContain('check LLM_API_KEY')
    expect(sentence(local)).toContain('set LLM_API_KEY')
    expect(sentence({ OPENAI_API_KEY: 'o' })).toContain('check OPENAI_API_KEY')
    expect(sentence({ ANTHROPIC_API_KEY: 'a' })).toContain('check ANTHROPIC_API_KEY')
  })

  test.each([
    [{ LLM_BASE_URL: 'localhost:1234/v1' }, /LLM_BASE_URL.*http:\/\/localhost:1234\/v1$/],
    [{ OPENAI_BASE_URL: 'nonsense' }, /OPENAI_BASE_URL/],
    [{ ANTHROPIC_BASE_URL: 'nonsense' }, /ANTHROPIC_BASE_URL/],
    [{ ...local, LLM_API_KEY: 'a b' }, /LLM_API_KEY/],
    [{ OPENAI_API_KEY: 'a b' }, /OPENAI_API_KEY/],
    [{ ANTHROPIC_API_KEY: 'a b' }, /ANTHROPIC_API_KEY/],
  ] as const)('%j cannot work, and the variable is named', (env, sentence) => {
    expect(() => providerFromEnv(env)).toThrow(TypeError)
    expect(() => providerFromEnv(env)).toThrow(sentence)
  })

  test.each([
    [{}, []],
    [keys, []],
    [{ ...local, ...keys, LLM_API_KEY: 'l', LLM_MODEL: 'm' }, []],
    [{ OPENAI_BASE_URL: 'http://h', LLM_MODEL: 'm' }, []],
    [{ LLM_MODEL: 'm', OPENAI_API_KEY: ' ' }, ['LLM_MODEL']],
    [{ LLM_API_KEY: 'l', LLM_MODEL: 'm' }, ['LLM_MODEL', 'LLM_API_KEY']],
    [{ ...local, OPENAI_BASE_URL: 'http://h' }, ['OPENAI_BASE_URL']],
  ])('%j has settings that change nothing: %j', (env, names) => {
    expect(describeEnv(env).map((sentence) => sentence.split(' ')[0])).toEqual(names)
  })

  test('says which model, else the default does, else the server', async () => {
    await using server = await strangersServer()
    const provider = openai({ baseUrl: server.url, apiKey: 'k' })
    expect(await modelFromEnv(provider, { LLM_MODEL: ' mine ' })).toBe('mine')
    expect(await modelFromEnv(openai(), {})).toBe(openai().defaultModel)
    expect(await modelFromEnv(anthropic(), {})).toBe(anthropic().defaultModel)
    expect(server.seen).toEqual([])
    expect(await modelFromEnv(provider, {})).toBe('first-one')
    expect(server.seen).toMatchObject([{ method: 'GET', url: '/v1/models', headers: { authorization: 'Bearer k' } }])
  })
})

describe('the first model', () => {
  const listing = (status: number, body: string) =>
    serve(async (_request, respond) => {
      await respond(status, { 'Content-Type': 'application/json' }, body)
    })

  test.each([
    [200, '{"data":[]}', 'LLM_PROTOCOL'],
    [200, '<html>', 'LLM_PROTOCOL'],
    [401, '{"error":{"message":"no"}}', 'LLM_STATUS'],
    [503, '', 'LLM_OVERLOADED'],
  ])('of a server that answers %i %s is %s', async (status, body, code) => {
    await using server = await listing(status, body)
    const provider = openai({ baseUrl: `http://127.0.0.1:${server.address.port}` })
    await expect(firstModel(provider)).rejects.toMatchObject({ name: 'LlmError', code })
  })

  test.each([
    ['<!doctype html><title>Chat UI</title>', 'answered with a page titled "Chat UI"'],
    ['<html>', 'answered with a page'],
    ['Ollama is running', 'answered with something that is not JSON'],
    ['{"data":[]}', 'lists no model'],
  ])('of a server that answers %s is an error that says so', async (body, sentence) => {
    const asked = firstModel(openai({ baseUrl: 'http://h' }), { transport: replying([bytes(body)]) })
    await expect(asked).rejects.toThrow(`http://h/v1/models ${sentence}`)
  })

  test('of a list of more than 8 MiB is LLM_PROTOCOL, of one of 8 MiB is read', async () => {
    const listOf = (size: number) => replying([bytes('{"data":[{"id":"m"}]}'.padEnd(size))])
    const size = 8 * 1024 * 1024
    expect(await firstModel(openai(), { transport: listOf(size) })).toBe('m')
    await expect(firstModel(openai(), { transport: listOf(size + 1) })).rejects.toMatchObject({
      code: 'LLM_PROTOCOL',
      message: expect.stringContaining(`${size} bytes`),
    })
  })

  test('of a server that repeats a key in the query of the base URL is an error that does not', async () => {
    const asked = firstModel(openai({ baseUrl: 'http://h/v1?api_key=secret' }), {
      transport: replying([bytes('{"error":"bad key secret"}')], { status: 403 }),
    })
    await expect(asked).rejects.toThrow('bad key [redacted]')
  })

  test('of a server that is not there is LLM_CONNECT', async () => {
    const server = await listing(200, '')
    const { port } = server.address
    await server[Symbol.asyncDispose]()
    await expect(firstModel(openai({ baseUrl: `http://127.0.0.1:${port}` }))).rejects.toMatchObject({
      code: 'LLM_CONNECT',
    })
  })

  test('of a server that does not answer is LLM_TIMEOUT', async () => {
    const transport: Transport = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    await expect(firstModel(openai(), { transport, timeout: 20 })).rejects.toMatchObject({ code: 'LLM_TIMEOUT' })
    const leaving = AbortSignal.abort(new Error('bye'))
    await expect(firstModel(openai(), { transport, signal: leaving })).rejects.toThrow('bye')
  })
})
