import { describe, expect, test } from 'vitest'
import { anthropic, gemini, type LlmErrorCode, ollama, openai, openaiResponses, streamChat } from '../src/index.ts'
import { recordFinish, startFast } from './simulator-client.ts'

// What an engineer wants to hear of each fault, from our own client, in each of the five wire formats.

const providers = { openai, openaiResponses, anthropic, gemini, ollama }
const messages = [{ role: 'user', content: 'Tell me about rivers' }] as const
const once = { retry: { attempts: 1 } }

type Expected = LlmErrorCode | 'complete'

/** Gemini has no end mark but the end. */
const AT_THE_END = { gemini: 'LLM_TRUNCATED' } as const

/** One expectation for all formats, or by name where they differ. */
const FAULTS: readonly [faults: string, expected: Expected, but?: Partial<Record<keyof typeof providers, Expected>>][] =
  [
    ['cut=utf8@5', 'LLM_TRUNCATED'],
    ['cut=utf8+rst@5', 'LLM_TRUNCATED'],
    ['cut=json@5', 'LLM_TRUNCATED'],
    ['cut=chunk-size@5', 'LLM_TRUNCATED'],
    ['cut=fin@5', 'LLM_TRUNCATED'],
    ['cut=clean@5', 'LLM_TRUNCATED'],
    ['cut=fin@byte:0', 'LLM_CONNECT'],
    ['cut=fin@byte:40', 'LLM_CONNECT'],
    ['strip=terminator', 'complete', AT_THE_END], // the end mark came before it
    ['strip=blank-line', 'complete'],
    ['no-done', 'LLM_TRUNCATED', { openai: 'complete' }], // [DONE] is optional where every choice has its finish_reason
    ['linger', 'complete'],
    ['no-done,linger', 'LLM_TIMEOUT', { openai: 'complete' }],
    ['stall@5', 'LLM_TIMEOUT'],
    ['stall@byte:0', 'LLM_TIMEOUT'],
    ['comments-only=5ms@5', 'LLM_TIMEOUT'],
    ['framing=close', 'complete'],
    ['framing=length', 'complete'],
    ['length=+10', 'complete', AT_THE_END],
    ['length=-10', 'LLM_TRUNCATED', { openai: 'complete' }], // it is [DONE] that is cut
    ['http10', 'complete'],
    ['gzip=flush', 'complete'],
    ['gzip=noflush', 'complete'],
    ['gzip=flush,cut=fin@5', 'LLM_TRUNCATED'],
    ['corrupt=size@5', 'LLM_PROTOCOL'],
    ['corrupt=crlf@5', 'LLM_PROTOCOL'],
    ['interim=100+103', 'complete'],
    ['split=3', 'complete'],
    ['split-head=1', 'complete'],
    ['type=text/html', 'complete'], // the bytes decide, not the type
    ['whole', 'complete'],
    ['page', 'LLM_PROTOCOL'],
    ['cr', 'complete', { ollama: 'LLM_TRUNCATED' }], // lines of JSON end in LF
    ['bom', 'complete'],
    ['error=overloaded@1', 'LLM_OVERLOADED', { ollama: 'LLM_PROVIDER' }],
    ['error=overloaded@5', 'LLM_OVERLOADED', { ollama: 'LLM_PROVIDER' }],
    ['error=server@5', 'LLM_PROVIDER'],
    ['error=rate-limit@5', 'LLM_RATE_LIMITED', { ollama: 'LLM_PROVIDER' }],
    ['status=overloaded', 'LLM_OVERLOADED'],
    ['status=rate-limit', 'LLM_RATE_LIMITED'],
    ['status=quota', 'LLM_QUOTA', { gemini: 'LLM_RATE_LIMITED' }], // which says the same of both
    ['status=server', 'LLM_STATUS'],
    ['status=auth', 'LLM_STATUS'],
  ]

describe.each(Object.entries(providers))('%s:', (name, provider) => {
  test.each(FAULTS)('%s', async (faults, expected, but = {}) => {
    await using simulator = await startFast({ words: { min: 20, max: 30 } })
    const wanted = but[name as keyof typeof providers] ?? expected
    const waits = wanted === 'LLM_TIMEOUT' || faults.endsWith('linger')
    const timeouts = waits ? { headers: 100, firstToken: 100, idle: 100, progress: 100 } : {}
    const chat = { model: `sim:${faults}`, messages, maxTokens: 16 }
    const outcome = await streamChat(provider({ baseUrl: simulator.url }), chat, { ...once, timeouts }).outcome
    expect(outcome.error?.code ?? 'complete', outcome.error?.message).toBe(wanted)
    expect(outcome.complete).toBe(wanted === 'complete')
  })

  test('an answer that fails at first is asked for again, and comes', async () => {
    await using simulator = await startFast({ faults: 'status=overloaded,retry-after=1ms,times=2' })
    const { complete, attempts } = await streamChat(provider({ baseUrl: simulator.url }), { model: 'm', messages })
      .outcome
    expect({ complete, attempts }).toEqual({ complete: true, attempts: 3 })
  })

  test('leaving stops the generation', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ tokensPerSecond: 500, words: { min: 10_000, max: 10_000 }, onFinish })
    for await (const event of streamChat(provider({ baseUrl: simulator.url }), { model: 'm', messages })) {
      if (event.kind === 'text') break
    }
    const { complete, tokens } = await finished
    expect(complete).toBe(false)
    expect(tokens).toBeLessThan(5000)
  })
})
