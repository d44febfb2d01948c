import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic, {
  RateLimitError as AnthropicRateLimit,
  InternalServerError as AnthropicServerError,
} from '@anthropic-ai/sdk'
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai'
import { jsonSchema, streamText, type ToolSet } from 'ai'
import OpenAI, { InternalServerError, RateLimitError } from 'openai'
import { describe, expect, test } from 'vitest'
import { startFast } from './simulator-client.ts'

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 7 } },
  required: ['city'],
} as const
const prompt = 'What is the weather in Zürich, and what time is it there?'
const user = { role: 'user' as const, content: prompt }
/** Two tools, and a prompt that has a word of each. */
const names = ['get_weather', 'get_time'] as const
const args = { city: expect.any(String), days: expect.any(Number) }

describe('openai, Chat Completions:', () => {
  const clientOf = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-test', maxRetries: 0 })
  const tools = names.map((name) => ({ type: 'function' as const, function: { name, parameters: schema } }))

  test('the helper puts two parallel calls together, and their answers bring a text', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const chat = { model: 'm', messages: [user], tools, stream_options: { include_usage: true } }
    const runner = client.chat.completions.stream(chat)
    const [choice] = (await runner.finalChatCompletion()).choices
    expect(choice?.finish_reason).toBe('tool_calls')
    const calls = choice?.message.tool_calls ?? []
    const called = calls.map((call) => (call.type === 'function' ? call.function : undefined))
    expect(called.map((call) => call?.name)).toEqual(names)
    for (const call of called) expect(JSON.parse(call?.arguments ?? '')).toEqual(args)
    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'sunny' }))
    const messages = [user, { role: 'assistant' as const, tool_calls: calls }, ...results]
    const answer = await client.chat.completions.create({ model: 'm', messages, tools })
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: expect.any(String) } })
  })

  test('a custom tool gets text, and one call only where one is allowed', async () => {
    await using simulator = await startFast()
    const chat = {
      model: 'm',
      messages: [user],
      tools: [{ type: 'custom' as const, custom: { name: 'get_weather' } }, ...tools],
      parallel_tool_calls: false,
    }
    const whole = await clientOf(simulator.url).chat.completions.create(chat)
    expect(whole.choices[0]?.message.tool_calls).toEqual([
      {
        id: expect.stringMatching(/^call_/),
        type: 'custom',
        custom: { name: 'get_weather', input: expect.any(String) },
      },
    ])
  })

  test('a tool that must be called is called, whatever the prompt says, and none where none may be', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const calls = async (tool_choice: 'required' | 'none' | { type: 'function'; function: { name: string } }) => {
      const messages = [{ role: 'user' as const, content: 'weather?' }]
      const { choices } = await client.chat.completions.create({ model: 'm', messages, tools, tool_choice })
      return choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function.name)
    }
    expect(await calls('required')).toEqual(['get_weather'])
    expect(await calls({ type: 'function', function: { name: 'get_time' } })).toEqual(['get_time'])
    expect(await calls('none')).toBeUndefined()
  })

  test('a refusal is a refusal, a filter a filter, and thoughts are counted', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const run = (model: string, more: object = {}) =>
      client.chat.completions.stream({ model, messages: [user], stream_options: { include_usage: true }, ...more })
    const refused = await run('sim:refuse').finalChatCompletion()
    expect(refused.choices[0]?.message).toMatchObject({ refusal: expect.stringContaining('refuse') })
    const filtered = await client.chat.completions.create({ model: 'sim:filter', messages: [user] })
    expect(filtered.choices[0]?.finish_reason).toBe('content_filter')
    const thought = await run('m', { reasoning_effort: 'low' }).finalChatCompletion()
    expect(thought.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0)
  })

  test('throws its own errors for ours, with their codes and headers', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const failure = (model: string) =>
      client.chat.completions.create({ model, messages: [user] }).catch((error: unknown) => error)
    expect(await failure('sim:status=overloaded')).toBeInstanceOf(InternalServerError)
    const quota = await failure('sim:status=quota,retry-after=ms:1500,should-retry=false')
    expect(quota).toBeInstanceOf(RateLimitError)
    expect(quota).toMatchObject({ code: 'insufficient_quota', type: 'insufficient_quota' })
    const { headers } = quota as RateLimitError
    expect([headers.get('retry-after-ms'), headers.get('x-should-retry')]).toEqual(['1500', 'false'])
  })

  test('throws in the middle of a stream where an error event comes', async () => {
    await using simulator = await startFast()
    const stream = await clientOf(simulator.url).chat.completions.create({
      model: 'sim:error=overloaded@4',
      messages: [user],
      stream: true,
    })
    let count = 0
    const reading = (async () => {
      for await (const _ of stream) count += 1
    })()
    await expect(reading).rejects.toMatchObject({ code: 'server_overloaded' })
    expect(count).toBe(3)
  })
})

describe('openai, Responses:', () => {
  const clientOf = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-test', maxRetries: 0 })
  const tools = names.map((name) => ({ type: 'function' as const, name, parameters: schema, strict: false }))

  test('the helper follows a text to its end', async () => {
    await using simulator = await startFast()
    const run = clientOf(simulator.url).responses.stream({ model: 'm', input: 'What is a river?' })
    let text = ''
    run.on('response.output_text.delta', ({ delta }) => {
      text += delta
    })
    const response = await run.finalResponse()
    expect(response).toMatchObject({
      status: 'completed',
      output_text: text,
      usage: { output_tokens: expect.any(Number) },
    })
    expect(text.length).toBeGreaterThan(100)
  })

  test('the helper puts thoughts and parallel calls together, and their answers bring a text', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const run = client.responses.stream({ model: 'm', input: prompt, tools, reasoning: { summary: 'auto' } })
    const { output } = await run.finalResponse()
    expect(output.map(({ type }) => type)).toEqual(['reasoning', 'function_call', 'function_call'])
    const calls = output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
    for (const call of calls) expect(JSON.parse(call.arguments)).toEqual(args)
    const results = calls.map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'sunny' }))
    const input = [{ ...user }, ...calls.map(({ id: _, ...call }) => call), ...results]
    expect((await client.responses.create({ model: 'm', input, tools })).output_text).toMatch(/simulator/)
  })

  test('a response that is cut by its limit is incomplete, and a refusal is one', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const short = await client.responses.stream({ model: 'm', input: 'go', max_output_tokens: 16 }).finalResponse()
    expect(short).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    const { output } = await client.responses.stream({ model: 'sim:refuse', input: 'go' }).finalResponse()
    expect(output).toMatchObject([{ content: [{ type: 'refusal' }] }])
  })

  test('a background response goes on where the client left it', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const all: number[] = []
    let id = ''
    const stream = await client.responses.create({ model: 'm', input: 'go', stream: true, background: true })
    let seen = ''
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id
      if (event.type === 'response.output_text.delta') seen += event.delta
      all.push(event.sequence_number)
      if (all.length === 10) break
    }
    for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: 9 })) {
      if (event.type === 'response.output_text.delta') seen += event.delta
      all.push(event.sequence_number)
    }
    expect(all).toEqual(all.map((_, i) => i))
    expect((await client.responses.retrieve(id)).output_text).toBe(seen)
  })
})

describe('@anthropic-ai/sdk:', () => {
  const clientOf = (url: string) => new Anthropic({ baseURL: url, apiKey: 'sk-test', maxRetries: 0 })
  const tools = names.map((name) => ({ name, input_schema: schema as { type: 'object' } }))
  const ask = { model: 'm', max_tokens: 4096, messages: [user] }

  test('the helper puts thoughts and parallel calls together, and their answers bring a text', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const stream = client.messages.stream({ ...ask, tools, thinking: { type: 'enabled', budget_tokens: 1024 } })
    const { content, stop_reason, usage } = await stream.finalMessage()
    expect(stop_reason).toBe('tool_use')
    expect(content.map(({ type }) => type)).toEqual(['thinking', 'tool_use', 'tool_use'])
    expect(content[0]).toMatchObject({ thinking: expect.any(String), signature: expect.stringMatching(/./) })
    for (const block of content.slice(1)) expect(block).toMatchObject({ input: args })
    expect(usage.output_tokens).toBeGreaterThan(10)
    const results = content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'sunny' }] : [],
    )
    const messages = [user, { role: 'assistant' as const, content }, { role: 'user' as const, content: results }]
    const answer = await client.messages.create({ ...ask, messages, tools })
    expect(answer).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text' }] })
  })

  test('one call only where one is allowed, and a refusal stops as one', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const tool_choice = { type: 'any' as const, disable_parallel_tool_use: true }
    const one = await client.messages.create({ ...ask, tools, tool_choice })
    expect(one.content.map(({ type }) => type)).toEqual(['tool_use'])
    const refused = await client.messages.stream({ ...ask, model: 'sim:refuse' }).finalMessage()
    expect(refused.stop_reason).toBe('refusal')
  })

  test('throws its own errors for ours, before and inside a stream', async () => {
    await using simulator = await startFast()
    const client = clientOf(simulator.url)
    const failure = (model: string) =>
      client.messages
        .stream({ ...ask, model })
        .finalMessage()
        .catch((error: unknown) => error)
    expect(await failure('sim:status=overloaded')).toBeInstanceOf(AnthropicServerError)
    expect(await failure('sim:status=overloaded')).toMatchObject({ status: 529, type: 'overloaded_error' })
    const spent = await failure('sim:status=quota')
    expect(spent).toBeInstanceOf(AnthropicRateLimit)
    expect(spent).toMatchObject({ error: { error: { details: { error_code: 'enforced_spend_limit_reached' } } } })
    expect(await failure('sim:error=overloaded@5')).toMatchObject({ message: expect.stringContaining('overloaded') })
  })
})

describe('@google/genai:', () => {
  const clientOf = (baseUrl: string) => new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl } })
  const functionDeclarations = names.map((name) => ({ name, parametersJsonSchema: schema }))

  test('streams a text with its usage, and thoughts apart from it', async () => {
    await using simulator = await startFast()
    const stream = await clientOf(simulator.url).models.generateContentStream({
      model: 'm',
      contents: 'What is a river?',
      config: { thinkingConfig: { includeThoughts: true }, seed: 3 },
    })
    let text = ''
    let thoughts = 0
    let last: { finish?: string | undefined; usage?: object | undefined } = {}
    for await (const chunk of stream) {
      const [candidate] = chunk.candidates ?? []
      for (const part of candidate?.content?.parts ?? []) {
        if (part.thought) thoughts += 1
        else text += part.text ?? ''
      }
      last = { finish: candidate?.finishReason, usage: chunk.usageMetadata }
    }
    expect(text).toMatch(/simulator/)
    expect(thoughts).toBeGreaterThan(10)
    expect(last).toMatchObject({ finish: 'STOP', usage: { thoughtsTokenCount: thoughts } })
  })

  test('gets whole function calls, two at once', async () => {
    await using simulator = await startFast()
    const config = { tools: [{ functionDeclarations }] }
    const client = clientOf(simulator.url)
    const calls: unknown[] = []
    const stream = await client.models.generateContentStream({ model: 'm', contents: prompt, config })
    for await (const chunk of stream) calls.push(...(chunk.functionCalls ?? []))
    expect(calls).toEqual(names.map((name) => ({ name, args })))
    const one = await client.models.generateContent({
      model: 'm',
      contents: 'go',
      config: {
        ...config,
        toolConfig: {
          functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['get_time'] },
        },
      },
    })
    expect(one.functionCalls).toEqual([{ name: 'get_time', args }])
  })

  test('gets candidates, lengths and stop sequences as it asked for them', async () => {
    await using simulator = await startFast()
    const { models } = clientOf(simulator.url)
    const ask = (config: object) => models.generateContent({ model: 'm', contents: 'go', config })
    expect((await ask({ candidateCount: 2 })).candidates).toHaveLength(2)
    expect((await ask({ maxOutputTokens: 5 })).candidates?.[0]?.finishReason).toBe('MAX_TOKENS')
    expect((await ask({ stopSequences: ['.'] })).text).not.toContain('.')
  })

  test('throws its own error for ours', async () => {
    await using simulator = await startFast()
    const { models } = clientOf(simulator.url)
    const failure = models.generateContentStream({ model: 'sim:status=overloaded', contents: 'go' })
    await expect(failure).rejects.toBeInstanceOf(ApiError)
    await expect(failure).rejects.toMatchObject({ status: 503, message: expect.stringContaining('UNAVAILABLE') })
  })
})

describe('ai:', () => {
  const models = {
    'openai chat': (url: string) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'k' }).chat('m'),
    'openai responses': (url: string) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'k' }).responses('m'),
    anthropic: (url: string) => createAnthropic({ baseURL: `${url}/v1`, apiKey: 'k' })('m'),
    google: (url: string) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'k' })('m'),
  }
  const inputSchema = jsonSchema<object>(schema as object)
  const tools: ToolSet = { get_weather: { inputSchema }, get_time: { inputSchema } }

  const once = { maxRetries: 0, maxOutputTokens: 4096 } // else it warns that it does not know the model

  test.each(Object.entries(models))('%s streams a text to its end, with usage', async (_, modelAt) => {
    await using simulator = await startFast()
    const result = streamText({ model: modelAt(simulator.url), prompt: 'What is a river?', ...once })
    let text = ''
    for await (const part of result.textStream) text += part
    expect(text).toMatch(/simulator/)
    expect(await result.finishReason).toBe('stop')
    expect(await result.usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) })
  })

  test.each(Object.entries(models))('%s gets two tool calls at once', async (_, modelAt) => {
    await using simulator = await startFast()
    const result = streamText({ model: modelAt(simulator.url), prompt, tools, ...once })
    const calls = await result.toolCalls
    expect(calls.map(({ toolName }) => toolName)).toEqual(names)
    for (const { input } of calls) expect(input).toEqual(args)
    expect(await result.finishReason).toBe('tool-calls')
  })

  test.each(Object.entries(models))('%s says that the model is overloaded', async (_, modelAt) => {
    await using simulator = await startFast({ faults: 'status=overloaded' })
    const errors: unknown[] = []
    const onError = ({ error }: { error: unknown }) => {
      errors.push(error)
    }
    await streamText({ model: modelAt(simulator.url), prompt, onError, ...once }).consumeStream()
    expect(errors).toMatchObject([
      { name: 'AI_APICallError', isRetryable: true, message: expect.stringContaining('overloaded') },
    ])
  })
})
