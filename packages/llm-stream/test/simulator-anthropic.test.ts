import Anthropic, { AuthenticationError, BadRequestError } from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import { ANTHROPIC, eventsOf, post, recordFinish, startFast, VERSION } from './simulator-client.ts'

const messages = [{ role: 'user' as const, content: 'Tell me about rivers and bytes' }]
const chat = { model: 'any-model', max_tokens: 4096, messages }

function clientOf({ url }: { readonly url: string }, apiKey = 'sk-test'): Anthropic {
  return new Anthropic({ baseURL: url, apiKey, maxRetries: 0 })
}

describe('on the wire', () => {
  test('a stream has the events of the service in their order, each named by its type', async () => {
    await using simulator = await startFast()
    const events = await eventsOf(await post(simulator.url + ANTHROPIC, { ...chat, stream: true }, VERSION))
    for (const { type, data } of events) expect(data.type).toBe(type)
    const types = events.map(({ type }) => type)
    const deltas = types.filter((type) => type === 'content_block_delta')
    expect(deltas.length).toBeGreaterThan(60)
    expect(types).toEqual([
      ...['message_start', 'content_block_start', 'ping', ...deltas],
      ...['content_block_stop', 'message_delta', 'message_stop'],
    ])
    expect(events[0]?.data.message).toMatchObject({
      id: expect.stringMatching(/^msg_01[0-9A-Za-z]{22}$/),
      role: 'assistant',
      model: 'any-model',
      content: [],
      stop_reason: null,
      usage: { input_tokens: expect.any(Number), output_tokens: 1 },
    })
    expect(events.at(-2)?.data).toMatchObject({
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { input_tokens: events[0]?.data.message.usage.input_tokens, output_tokens: deltas.length },
    })
  })

  test('the head has the fields of the service', async () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5)
    await using simulator = await startFast({ now: () => now })
    const { headers, status } = await post(simulator.url + ANTHROPIC, { ...chat, stream: true }, VERSION)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/event-stream')
    expect(headers.get('request-id')).toMatch(/^req_\w+$/)
    expect(headers.get('anthropic-ratelimit-requests-remaining')).toMatch(/^\d+$/)
    expect(headers.get('anthropic-ratelimit-tokens-reset')).toBe('2026-01-02T03:04:05Z')
    expect(headers.get('x-request-id')).toBeNull()
  })
})

describe('the official SDK', () => {
  test('streams from it to the end', async () => {
    await using simulator = await startFast()
    const stream = await clientOf(simulator).messages.create({ ...chat, stream: true })
    let text = ''
    let last = ''
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
      last = event.type
    }
    expect(text).toMatch(/simulator/)
    expect(last).toBe('message_stop')
  })

  test('folds a stream to the same message that it gets whole', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator)
    const whole = await client.messages.create({ ...chat, system: 'Be brief.' })
    const folded = await client.messages.stream({ ...chat, system: 'Be brief.' }).finalMessage()
    const said = ({ content, stop_reason, usage }: typeof whole) => ({
      stop_reason,
      text: content.map((block) => (block.type === 'text' ? block.text : '?')),
      tokens: [usage.input_tokens, usage.output_tokens],
    })
    expect(said(folded)).toEqual(said(whole))
    expect(whole._request_id).toMatch(/^req_/)
  })

  test('sees max_tokens and stop sequences obeyed, and the system prompt heard', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator)
    const create = (more: object) => client.messages.create({ ...chat, ...more })
    expect(await create({ max_tokens: 5 })).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } })
    expect(await create({ stop_sequences: ['.'] })).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '.' })
    const [one, other] = [await create({}), await create({ system: 'You are a pirate.' })]
    expect(one.content).not.toEqual(other.content)
    expect(other.usage.input_tokens).toBeGreaterThan(one.usage.input_tokens)
  })

  test('sends parts and earlier turns that it understands', async () => {
    await using simulator = await startFast()
    const message = await clientOf(simulator).messages.create({
      ...chat,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look at' },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          ],
        },
        { role: 'assistant', content: 'A boat.' },
        { role: 'user', content: [{ type: 'text', text: 'Whose harbour is it?' }] },
      ],
    })
    expect(message.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/"harbour".*turn 2/s) })
  })

  test('lists the models', async () => {
    await using simulator = await startFast()
    const models = await clientOf(simulator).models.list()
    expect(models.data).toMatchObject([{ type: 'model', id: 'simulator', display_name: 'Simulator' }])
  })

  test('turns the refusals into its own errors', async () => {
    await using simulator = await startFast({ apiKey: 'sk-right' })
    const wrong = await clientOf(simulator, 'sk-wrong-and-secret')
      .messages.create(chat)
      .catch((error: unknown) => error)
    expect(wrong).toBeInstanceOf(AuthenticationError)
    expect(wrong).toMatchObject({
      error: { type: 'error', error: { type: 'authentication_error' }, request_id: expect.stringMatching(/^req_/) },
    })
    expect(JSON.stringify((wrong as AuthenticationError).error)).not.toMatch(/secret|sk-right/)
    const right = clientOf(simulator, 'sk-right')
    await expect(right.messages.create({ ...chat, max_tokens: 0 })).rejects.toBeInstanceOf(BadRequestError)
    await expect(right.messages.create(chat)).resolves.toMatchObject({ type: 'message' })
  })

  test('aborting a stream stops the tokens', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ onFinish, tokensPerSecond: 200, words: { min: 50_000, max: 50_000 } })
    const stream = await clientOf(simulator).messages.create({ ...chat, max_tokens: 1e6, stream: true })
    for await (const event of stream) if (event.type === 'content_block_delta') break
    expect(await finished).toMatchObject({ path: ANTHROPIC, complete: false })
    expect((await finished).tokens).toBeLessThan(50_000)
  })
})
