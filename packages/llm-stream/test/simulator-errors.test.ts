import { describe, expect, test } from 'vitest'
import { ANTHROPIC, OPENAI, post, startFast, VERSION } from './simulator-client.ts'

const user = { role: 'user', content: 'hi' }
const openai = { model: 'm', messages: [user] }
const anthropic = { model: 'm', max_tokens: 9, messages: [user] }

const badForOpenai: [title: string, body: unknown, error: object][] = [
  ['is not JSON', '{"model": "m",', { param: null, code: null }],
  ['is empty', '', { param: null, code: null }],
  ['is an array', [], { param: null, code: null }],
  ['has no model', { messages: [user] }, { param: 'model', code: 'missing_required_parameter' }],
  ['has an empty model', { ...openai, model: '' }, { param: 'model', code: 'missing_required_parameter' }],
  ['has a model that is a number', { ...openai, model: 1 }, { param: 'model', code: 'invalid_value' }],
  ['has no messages', { model: 'm' }, { param: 'messages', code: 'missing_required_parameter' }],
  ['has messages that are no array', { ...openai, messages: 'hi' }, { param: 'messages', code: 'invalid_value' }],
  ['has an empty list of messages', { ...openai, messages: [] }, { param: 'messages', code: 'empty_array' }],
  ['has a message that is no object', { ...openai, messages: [user, 'hi'] }, { param: 'messages[1]' }],
  ['has a message without a role', { ...openai, messages: [{ content: 'hi' }] }, { param: 'messages[0].role' }],
  [
    'has an unknown role',
    { ...openai, messages: [{ ...user, role: 'robot' }] },
    { param: 'messages[0].role', code: 'invalid_value' },
  ],
  ['has a message without content', { ...openai, messages: [{ role: 'user' }] }, { param: 'messages[0].content' }],
  [
    'has a part without a type',
    { ...openai, messages: [{ role: 'user', content: [{ text: 'hi' }] }] },
    { param: 'messages[0].content[0].type' },
  ],
  [
    'has a text part without text',
    { ...openai, messages: [{ role: 'user', content: [{ type: 'text' }] }] },
    { param: 'messages[0].content[0].text' },
  ],
  ['asks for no tokens', { ...openai, max_tokens: 0 }, { param: 'max_tokens' }],
  ['asks for half a token', { ...openai, max_completion_tokens: 0.5 }, { param: 'max_completion_tokens' }],
  ['asks for 129 choices', { ...openai, n: 129 }, { param: 'n' }],
  ['is too hot', { ...openai, temperature: 2.1 }, { param: 'temperature' }],
  ['has five stop sequences', { ...openai, stop: ['a', 'b', 'c', 'd', 'e'] }, { param: 'stop' }],
  ['has an empty stop sequence', { ...openai, stop: ['a', ''] }, { param: 'stop[1]' }],
  ['has half a character for a stop sequence', { ...openai, stop: '\ud83c' }, { param: 'stop[0]' }],
  ['streams "yes"', { ...openai, stream: 'yes' }, { param: 'stream' }],
  [
    'has stream options without a stream',
    { ...openai, stream_options: { include_usage: true } },
    { param: 'stream_options' },
  ],
  [
    'has a stream option that is a text',
    { ...openai, stream: true, stream_options: { include_usage: 'x' } },
    { param: 'stream_options.include_usage' },
  ],
]

const badForAnthropic: [title: string, body: unknown, message: RegExp][] = [
  ['is not JSON', 'hello', /JSON/],
  ['has no model', { ...anthropic, model: undefined }, /model/],
  ['has no max_tokens', { ...anthropic, max_tokens: undefined }, /max_tokens/],
  ['has negative max_tokens', { ...anthropic, max_tokens: -1 }, /max_tokens/],
  ['has no messages', { ...anthropic, messages: undefined }, /messages/],
  ['has an empty list of messages', { ...anthropic, messages: [] }, /at least one message/],
  ['has an unknown role', { ...anthropic, messages: [{ ...user, role: 'tool' }] }, /messages\.0\.role/],
  ['begins with the assistant', { ...anthropic, messages: [{ ...user, role: 'assistant' }] }, /first message/],
  ['has an empty message', { ...anthropic, messages: [{ ...user, content: '' }] }, /messages\.0\.content/],
  ['has a message without parts', { ...anthropic, messages: [{ ...user, content: [] }] }, /messages\.0\.content/],
  ['is too hot', { ...anthropic, temperature: 1.5 }, /temperature/],
  ['has a stop sequence that is a number', { ...anthropic, stop_sequences: [1] }, /stop_sequences\.0/],
]

describe('Chat Completions answers 400 to a body that', () => {
  test.each(badForOpenai)('%s', async (_, body, error) => {
    await using simulator = await startFast()
    const response = await post(simulator.url + OPENAI, body)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        ...{ param: expect.anything(), code: expect.anything() },
        ...error,
        ...codeOf(error),
      },
    })
  })
})

/** Where a row of the table names no code, any will do. */
function codeOf(error: object): object {
  return 'code' in error ? {} : { code: expect.toSatisfy((code) => code === null || typeof code === 'string') }
}

describe('Messages answers 400 to a body that', () => {
  test.each(badForAnthropic)('%s', async (_, body, message) => {
    await using simulator = await startFast()
    const response = await post(simulator.url + ANTHROPIC, body, VERSION)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
      request_id: response.headers.get('request-id'),
    })
  })

  test('comes without the version of the API', async () => {
    await using simulator = await startFast()
    const response = await post(simulator.url + ANTHROPIC, anthropic)
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { message: expect.stringMatching(/anthropic-version/) } },
    ])
  })
})

describe('both services', () => {
  const shapes = [
    ['OpenAI', {}, OPENAI, { error: { type: 'invalid_request_error', param: null } }],
    ['Anthropic', VERSION, ANTHROPIC, { type: 'error', request_id: expect.stringMatching(/^req_/) }],
  ] as const

  test.each(shapes)('%s: 404 for a path that is not there', async (_, headers, __, shape) => {
    await using simulator = await startFast()
    const response = await post(`${simulator.url}/v1/nothing`, '{}', headers)
    expect([response.status, await response.json()]).toMatchObject([404, shape])
  })

  test.each(shapes)('%s: 405 with Allow for the wrong method', async (_, headers, path, shape) => {
    await using simulator = await startFast()
    const response = await fetch(simulator.url + path, { method: 'PUT', headers, body: '{}' })
    expect(response.headers.get('allow')).toBe('POST')
    expect([response.status, await response.json()]).toMatchObject([405, shape])
  })

  test.each(shapes)(
    '%s: 413 for a body one byte too large, 400 or 200 for one that just fits',
    async (_, headers, path, shape) => {
      await using simulator = await startFast({ bodySize: 1000 })
      const whole = JSON.stringify({ ...anthropic, user: '' })
      const padded = (size: number) => whole.replace('"user":""', `"user":"${'x'.repeat(size - whole.length)}"`)
      expect((await post(simulator.url + path, padded(1000), headers)).status).toBe(200)
      const response = await post(simulator.url + path, padded(1001), headers)
      expect([response.status, await response.json()]).toMatchObject([413, shape])
    },
  )

  test.each(shapes)('%s: 415 for a body that does not say it is JSON', async (_, headers, path, shape) => {
    await using simulator = await startFast()
    const response = await post(simulator.url + path, '{}', { ...headers, 'content-type': 'text/plain' })
    expect([response.status, await response.json()]).toMatchObject([415, shape])
  })

  test.each(shapes)(
    '%s: 401 for a missing or wrong key, and the key is in no answer',
    async (_, headers, path, shape) => {
      await using simulator = await startFast({ apiKey: 'sk-right' })
      for (const key of [{}, { authorization: 'Bearer sk-wrong' }, { authorization: 'Basic sk-right' }]) {
        const response = await post(simulator.url + path, anthropic, { ...headers, ...key })
        const text = await response.text()
        expect([response.status, JSON.parse(text)]).toMatchObject([401, shape])
        expect(text + JSON.stringify([...response.headers])).not.toMatch(/sk-/)
      }
      const right = await post(simulator.url + path, anthropic, { ...headers, authorization: 'Bearer sk-right' })
      expect(right.status).toBe(200)
    },
  )

  test('JSON that is not UTF-8 is refused and not mended', async () => {
    await using simulator = await startFast()
    const [before = '', after = ''] = JSON.stringify(openai).split('hi')
    const body = Buffer.concat([Buffer.from(before), Buffer.of(0xff), Buffer.from(after)])
    const response = await fetch(simulator.url + OPENAI, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(400)
  })

  test('a charset parameter is fine, and so is no Content-Type at all', async () => {
    await using simulator = await startFast()
    const typed = await post(simulator.url + OPENAI, openai, { 'content-type': 'application/json; charset=utf-8' })
    expect(typed.status).toBe(200)
    const untyped = await fetch(simulator.url + OPENAI, { method: 'POST', body: Buffer.from(JSON.stringify(openai)) })
    expect(untyped.status).toBe(200)
  })

  test('x-api-key is as good as a bearer token for Anthropic', async () => {
    await using simulator = await startFast({ apiKey: 'sk-right' })
    expect((await post(simulator.url + ANTHROPIC, anthropic, { ...VERSION, 'x-api-key': 'sk-right' })).status).toBe(200)
    expect((await post(simulator.url + ANTHROPIC, anthropic, { ...VERSION, 'x-api-key': 'sk-wrong' })).status).toBe(401)
  })

  test('a connection is good for another request after a refusal', async () => {
    await using simulator = await startFast()
    for (const status of [400, 200, 404, 200]) {
      const path = status === 404 ? '/nowhere' : OPENAI
      expect((await post(simulator.url + path, status === 400 ? {} : openai)).status).toBe(status)
    }
  })
})
