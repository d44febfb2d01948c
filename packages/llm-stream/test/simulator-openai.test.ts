import OpenAI, { type APIError, AuthenticationError, BadRequestError, NotFoundError } from 'openai'
import { describe, expect, test } from 'vitest'
import { eventsOf, OPENAI, post, recordFinish, startFast } from './simulator-client.ts'

const messages = [{ role: 'user' as const, content: 'Tell me about rivers and bytes' }]
const chat = { model: 'any-model', messages }

function clientOf({ url }: { readonly url: string }, apiKey = 'sk-test'): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
}

describe('on the wire', () => {
  test('a stream begins with the role, goes on with text, and ends with a reason and [DONE]', async () => {
    await using simulator = await startFast()
    const events = await eventsOf(await post(simulator.url + OPENAI, { ...chat, stream: true }))
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['message']))
    const chunks = events.slice(0, -1).map(({ data }) => data)
    expect(events.at(-1)?.data).toBe('[DONE]')
    expect(chunks[0].choices).toEqual([
      { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
    ])
    for (const chunk of chunks.slice(1, -1)) {
      expect(chunk.choices).toEqual([
        { index: 0, delta: { content: expect.any(String) }, logprobs: null, finish_reason: null },
      ])
      expect(chunk).not.toHaveProperty('usage')
    }
    expect(chunks.at(-1).choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }])
    expect(
      new Set(
        chunks.map(
          ({ id, object, created, model, system_fingerprint }) =>
            `${id} ${object} ${created} ${model} ${system_fingerprint}`,
        ),
      ).size,
    ).toBe(1)
    expect(chunks[0]).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[0-9A-Za-z]{29}$/),
      object: 'chat.completion.chunk',
      model: 'any-model',
      system_fingerprint: expect.stringMatching(/^fp_[0-9a-f]{10}$/),
    })
  })

  test('with include_usage every chunk has a usage, null but in one last chunk without choices', async () => {
    await using simulator = await startFast()
    const body = { ...chat, stream: true, stream_options: { include_usage: true } }
    const chunks = (await eventsOf(await post(simulator.url + OPENAI, body))).slice(0, -1).map(({ data }) => data)
    const last = chunks.pop()
    for (const chunk of chunks) expect(chunk).toHaveProperty('usage', null)
    const tokens = chunks.filter((chunk) => chunk.choices[0].delta.content).length
    expect(last.choices).toEqual([])
    expect(last.usage).toMatchObject({
      completion_tokens: tokens,
      total_tokens: last.usage.prompt_tokens + tokens,
    })
  })

  test('n choices come interleaved and each ends once', async () => {
    await using simulator = await startFast()
    const events = await eventsOf(await post(simulator.url + OPENAI, { ...chat, stream: true, n: 3 }))
    const choices = events.slice(0, -1).map(({ data }) => data.choices[0])
    expect(choices.slice(0, 6).map(({ index }) => index)).toEqual([0, 1, 2, 0, 1, 2])
    const texts = [0, 1, 2].map((i) =>
      choices
        .filter(({ index }) => index === i)
        .map(({ delta }) => delta.content ?? '')
        .join(''),
    )
    expect(new Set(texts).size).toBe(3)
    expect(
      choices
        .filter(({ finish_reason }) => finish_reason !== null)
        .map(({ index }) => index)
        .sort((a, b) => a - b),
    ).toEqual([0, 1, 2])
  })

  test('the head has the fields of the service', async () => {
    await using simulator = await startFast()
    const { headers, status } = await post(simulator.url + OPENAI, { ...chat, stream: true })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/event-stream')
    expect(headers.get('x-request-id')).toMatch(/^req_\w+$/)
    expect(headers.get('x-ratelimit-limit-tokens')).toMatch(/^\d+$/)
    expect(headers.get('x-ratelimit-reset-tokens')).toMatch(/^\d+ms$/)
    const [limit, left] = ['limit', 'remaining'].map((what) => Number(headers.get(`x-ratelimit-${what}-requests`)))
    expect(left).toBe((limit ?? 0) - 1)
  })
})

describe('the official SDK', () => {
  test('streams from it to the end', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator)
    const stream = await client.chat.completions.create({
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let reason: string | null | undefined
    let tokens: number | undefined
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      reason = chunk.choices[0]?.finish_reason ?? reason
      tokens = chunk.usage?.completion_tokens ?? tokens
    }
    expect(text).toMatch(/simulator/)
    expect(reason).toBe('stop')
    expect(tokens).toBeGreaterThan(60)
  })

  test('folds a stream to the same completion that it gets whole', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator)
    const whole = await client.chat.completions.create({ ...chat, n: 2 })
    const runner = client.chat.completions.stream({ ...chat, n: 2, stream_options: { include_usage: true } })
    const folded = await runner.finalChatCompletion()
    const said = (completion: typeof whole) =>
      completion.choices.map(({ index, message, finish_reason }) => [
        index,
        message.role,
        message.content,
        message.refusal,
        finish_reason,
      ])
    expect(said(folded as typeof whole)).toEqual(said(whole))
    expect(await runner.totalUsage()).toMatchObject({ completion_tokens: whole.usage?.completion_tokens })
    expect(whole._request_id).toMatch(/^req_/)
  })

  test('sees length, stop sequences and seeds obeyed', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator)
    const create = async (more: object) => (await client.chat.completions.create({ ...chat, ...more })).choices[0]
    expect(await create({ max_completion_tokens: 5 })).toMatchObject({ finish_reason: 'length' })
    expect(await create({ max_tokens: 5 })).toMatchObject({ finish_reason: 'length' })
    const whole = (await create({}))?.message.content ?? ''
    const cut = await create({ stop: [' ', '.'] })
    expect(cut).toMatchObject({ finish_reason: 'stop', message: { content: whole.split(' ')[0] } })
    expect((await create({ seed: 1 }))?.message.content).not.toBe(whole)
  })

  test('lists the models', async () => {
    await using simulator = await startFast()
    const models = await clientOf(simulator).models.list()
    expect(models.data).toEqual([
      { id: 'simulator', object: 'model', created: expect.any(Number), owned_by: expect.any(String) },
    ])
  })

  test('turns the refusals into its own errors', async () => {
    await using simulator = await startFast({ apiKey: 'sk-right' })
    const right = clientOf(simulator, 'sk-right')
    const wrong = clientOf(simulator, 'sk-wrong-and-secret')
    const refused = await wrong.chat.completions.create(chat).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(AuthenticationError)
    expect(refused).toMatchObject({ code: 'invalid_api_key', type: 'invalid_request_error' })
    expect(JSON.stringify((refused as APIError).error)).not.toMatch(/secret|sk-right/)
    const empty = await right.chat.completions.create({ ...chat, messages: [] }).catch((error: unknown) => error)
    expect(empty).toBeInstanceOf(BadRequestError)
    expect(empty).toMatchObject({ param: 'messages', requestID: expect.stringMatching(/^req_/) })
    await expect(right.models.retrieve('none')).rejects.toBeInstanceOf(NotFoundError)
  })

  test('breaking out of a stream stops the tokens', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ onFinish, tokensPerSecond: 200, words: { min: 50_000, max: 50_000 } })
    const stream = await clientOf(simulator).chat.completions.create({ ...chat, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    expect(await finished).toMatchObject({ path: OPENAI, complete: false })
    expect((await finished).tokens).toBeLessThan(50_000)
  })
})
