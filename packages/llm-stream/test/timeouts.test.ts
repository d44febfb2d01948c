import { gemini, openai, type Timeouts, withThinkTags } from '@sse-from-scratch/llm-stream'
import type { Transport } from '@sse-from-scratch/sse-client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { askOnce, bytes, chat, dataOnly } from './wire.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const token = dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] })
const usage = dataOnly({ id: 'c', choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } })
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Answers after `delay`, then sends what it is given, each piece a second after the one before it, the last for ever. */
function answering(delay: number, ...pieces: readonly string[]): Transport {
  return async () => {
    await later(delay)
    return { status: 200, contentType: 'text/event-stream', body: endless(pieces) }
  }
}

async function* endless(pieces: readonly string[]): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; ; at++) {
    await later(1000)
    const piece = pieces[Math.min(at, pieces.length - 1)]
    if (piece === undefined || piece === 'silence') await new Promise(() => {})
    yield bytes(piece ?? '')
  }
}

/** The outcome's error at that time, or `undefined` while there is none. */
async function errorsAround(
  transport: Transport,
  timeouts: Timeouts,
  expected: number,
): Promise<(string | undefined)[]> {
  let message: string | undefined
  void askOnce(openai(), chat, { transport, timeouts }).outcome.then(({ error }) => {
    message = error?.message
  })
  await vi.advanceTimersByTimeAsync(expected - 1)
  const before = message
  await vi.advanceTimersByTimeAsync(2)
  return [before, message]
}

const none = {
  headers: Number.POSITIVE_INFINITY,
  firstToken: Number.POSITIVE_INFINITY,
  idle: Number.POSITIVE_INFINITY,
  progress: Number.POSITIVE_INFINITY,
}

describe('a limit runs out to the millisecond', () => {
  test.each<[keyof Timeouts, Transport, number]>([
    ['headers', answering(20_000, token), 10_000],
    ['firstToken', answering(5000, ': ping\n\n'), 10_000],
    ['firstToken', answering(5000, usage), 10_000],
    ['idle', answering(5000, token, ': ping\n\n', 'silence'), 5000 + 2000 + 10_000],
    ['progress', answering(5000, token, token, ': ping\n\n'), 5000 + 2000 + 10_000],
    ['progress', answering(5000, token, usage), 5000 + 1000 + 10_000],
    ['total', answering(5000, token), 10_000],
  ])('%s', async (name, transport, expected) => {
    const [before, after] = await errorsAround(transport, { ...none, [name]: 10_000 }, expected)
    expect(before).toBeUndefined()
    expect(after).toContain(`for 10000 ms (timeouts.${name})`)
  })
})

test.each<[keyof Timeouts, Transport, number]>([
  ['headers', answering(1e9, token), 120_000],
  ['firstToken', answering(0, ': ping\n\n'), 300_000],
  ['idle', answering(0, token, 'silence'), 1000 + 120_000],
  ['progress', answering(0, token, ': ping\n\n'), 1000 + 180_000],
])('%s has a default', async (name, transport, expected) => {
  const [before, after] = await errorsAround(transport, {}, expected)
  expect(before).toBeUndefined()
  expect(after).toContain(`(timeouts.${name})`)
})

test('an error status is told after 2 s although its body never ends', async () => {
  const body = '{"error":{"message":"slow down"}}'
  const transport: Transport = async () => ({
    status: 429,
    contentType: 'application/json',
    body: endless([body, 'silence']),
  })
  const { outcome } = askOnce(openai(), chat, { transport })
  let told = false
  void outcome.then(() => {
    told = true
  })
  await vi.advanceTimersByTimeAsync(1999)
  expect(told).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect((await outcome).error).toMatchObject({
    code: 'LLM_RATE_LIMITED',
    message: expect.stringContaining('slow down'),
  })
})

describe('after its end mark a response', () => {
  const done = `${token}data: [DONE]\n\n`

  async function closing(lastPiece: () => Promise<unknown>): Promise<(at: number) => Promise<boolean>> {
    let signal: AbortSignal | undefined
    async function* body() {
      yield bytes(done)
      await lastPiece()
    }
    const transport: Transport = async (request) => {
      signal = request.signal
      return { status: 200, contentType: 'text/event-stream', body: body() }
    }
    expect((await askOnce(openai(), chat, { transport }).outcome).complete).toBe(true)
    return async (passed) => {
      await vi.advanceTimersByTimeAsync(passed)
      return signal?.aborted === true
    }
  }

  test('has 250 ms to end', async () => {
    const closedAfter = await closing(() => new Promise(() => {}))
    expect([await closedAfter(249), await closedAfter(1)]).toEqual([false, true])
  })

  test('that does so is not aborted', async () => {
    const closedAfter = await closing(() => later(100))
    expect([await closedAfter(99), await closedAfter(1000)]).toEqual([false, false])
  })
})

test('nothing runs out while tokens come', async () => {
  let settled = false
  const stream = askOnce(openai(), chat, { transport: answering(0, token) })
  void stream.outcome.then(() => {
    settled = true
  })
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(settled).toBe(false)
  stream.abort()
  expect((await stream.outcome).text).toHaveLength(3 * 3600)
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1) // the fake server's own
})

test('what the caller takes does not count', async () => {
  const stream = askOnce(openai(), chat, {
    transport: answering(0, token),
    timeouts: { idle: 1500, progress: 1500, firstToken: 1500 },
  })
  const iterator = stream[Symbol.asyncIterator]()
  const kinds: (string | undefined)[] = []
  for (let i = 0; i < 4; i++) {
    const next = iterator.next()
    await vi.advanceTimersByTimeAsync(1000)
    kinds.push((await next).value?.kind)
    await vi.advanceTimersByTimeAsync(60_000) // the caller thinks
  }
  expect(kinds).toEqual(['start', 'text', 'text', 'text'])
  stream.abort()
})

describe('an answer to which only an optional end mark is missing', () => {
  const stop = dataOnly({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
  const candidate = { content: { parts: [{ text: 'tok' }] }, finishReason: 'STOP' }
  const last = dataOnly({ candidates: [candidate], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 } })

  test.each([
    ['idle', openai(), [token, stop, usage, 'silence']],
    ['idle', gemini(), [last, 'silence']],
    ['idle', withThinkTags(openai()), [token, stop, usage, 'silence']],
    ['progress', openai(), [token, stop, usage, ': ping\n\n']],
  ] as const)('is complete when %s runs out', async (wait, provider, pieces) => {
    const transport = answering(0, ...pieces)
    const { outcome } = askOnce(provider, chat, { transport, timeouts: { ...none, [wait]: 10_000 } })
    await vi.advanceTimersByTimeAsync(30_000)
    const result = { stopReason: 'stop', text: 'tok', usage: { inputTokens: 1, outputTokens: 1 } }
    expect(await outcome).toMatchObject({ complete: true, error: undefined, ...result })
  })

  test('is LLM_TIMEOUT while one of its choices goes on', async () => {
    const second = dataOnly({ id: 'c', choices: [{ index: 1, delta: { content: 'more' } }] })
    const transport = answering(0, token, stop, second, 'silence')
    const { outcome } = askOnce(openai(), chat, { transport, timeouts: { ...none, idle: 10_000 } })
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await outcome).toMatchObject({ complete: false, error: { code: 'LLM_TIMEOUT' } })
  })
})
