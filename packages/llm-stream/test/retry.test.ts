import {
  anthropic,
  type ChatStream,
  gemini,
  type LlmError,
  openai,
  type RetryInfo,
  type RetryOptions,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import type { Transport } from '@sse-from-scratch/sse-client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { bytes, chat, collect, dataOnly, named, type Reply } from './wire.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const token = dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] })
const role = dataOnly({ id: 'lost', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] })
const stop = dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]')
const good = { text: token + stop }
const inBand = (error: object) => dataOnly({ error })

interface Answer extends Reply {
  readonly text?: string
  /** What becomes of the body behind its text. */
  readonly behind?: 'end' | 'silence' | Error
}

interface Script {
  readonly transport: Transport
  /** When each request came, in milliseconds since the first. */
  readonly asked: number[]
  readonly signals: AbortSignal[]
}

/** Answers the first request with the first of these, and so on; the last one again and again. */
function inTurn(...answers: readonly (Answer | Error | 'silence')[]): Script {
  const asked: number[] = []
  const signals: AbortSignal[] = []
  const first = Date.now()
  async function transport({ signal }: { readonly signal: AbortSignal }) {
    const answer = answers[Math.min(asked.length, answers.length - 1)] as Answer | Error | 'silence'
    asked.push(Date.now() - first)
    signals.push(signal)
    if (answer === 'silence') return new Promise<never>(() => {})
    if (answer instanceof Error) throw answer
    const { status = 200, contentType = 'text/event-stream', headers = {} } = answer
    return { status, contentType, header: (name: string) => headers[name.toLowerCase()] ?? null, body: bodyOf(answer) }
  }
  return { transport, asked, signals }
}

async function* bodyOf({ text = '', behind = 'end' }: Answer): AsyncGenerator<Uint8Array, void> {
  if (text !== '') yield bytes(text)
  if (behind === 'silence') await new Promise(() => {})
  if (behind instanceof Error) throw behind
}

/** Without jitter: the longest wait there is. */
const exact: RetryOptions = { random: () => 0 }

const ask = ({ transport }: Script, retry: RetryOptions = exact): ChatStream =>
  streamChat(openai(), chat, { transport, retry })

/** What came of it, after as much time as it wants. */
async function outcomeOf(stream: ChatStream) {
  const { outcome } = stream
  await vi.advanceTimersByTimeAsync(3_600_000)
  return outcome
}

const reset = Object.assign(new Error('read ECONNRESET'), { code: 'TCP_RESET' })
const refused = Object.assign(new Error('refused'), { code: 'TCP_REFUSED' })

describe('asks again, and has the answer, after', () => {
  test.each<[string, Answer | Error]>([
    ['408', { status: 408 }],
    ['409', { status: 409 }],
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['502 with a page', { status: 502, text: '<html><title>Bad Gateway</title>', contentType: 'text/html' }],
    ['503', { status: 503 }],
    ['529', { status: 529, text: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}' }],
    ['400, but x-should-retry: true', { status: 400, headers: { 'x-should-retry': 'true' } }],
    ['nobody listening', refused],
    ['a connection that breaks without an answer', reset],
    ['a body that breaks before its first event', { behind: reset }],
    ['a body that ends before its first event', { text: ': processing\n\n' }],
    ['a body that ends after the role and before the first content', { text: role }],
    ['an error first in a 200: overloaded', { text: inBand({ type: 'overloaded_error', message: 'Overloaded' }) }],
    ['an error first in a 200: rate limit', { text: inBand({ code: 429, message: 'slow down' }) }],
    ['an error first in a 200: the server', { text: inBand({ type: 'server_error', message: 'oops' }) }],
    ['an error behind the role', { text: role + inBand({ type: 'server_error', message: 'oops' }) }],
  ])('%s', async (_, failure) => {
    const script = inTurn(failure, good)
    const outcome = await outcomeOf(ask(script))
    expect(outcome).toMatchObject({ complete: true, error: undefined, text: 'tok', attempts: 2 })
    expect(script.asked).toEqual([0, 500])
  })

  test('overloaded_error first in a 200 of Anthropic', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
    const start = {
      type: 'message_start',
      message: { id: 'a', model: 'm', usage: { input_tokens: 1, output_tokens: 1 } },
    }
    const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'tok' } }
    const script = inTurn(
      { text: named(start, { type: 'ping' }, error) },
      { text: named(start, block, delta, { type: 'content_block_stop' }, { type: 'message_stop' }) },
    )
    const stream = streamChat(anthropic(), chat, { transport: script.transport, retry: exact })
    expect(await outcomeOf(stream)).toMatchObject({ complete: true, text: 'tok', attempts: 2 })
  })

  test.each([
    ['headers', 'no head', 'silence' as const, { headers: 1000 }, 1000],
    ['idle', 'not a byte', { text: ': hello\n\n', behind: 'silence' as const }, { idle: 1000 }, 1000],
  ])('a limit for one attempt: %s, %s', async (_name, _what, failure, timeouts, late) => {
    const script = inTurn(failure, good)
    const stream = streamChat(openai(), chat, { transport: script.transport, retry: exact, timeouts })
    expect(await outcomeOf(stream)).toMatchObject({ complete: true, attempts: 2 })
    expect(script.asked).toEqual([0, late + 500])
    expect(script.signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })
})

describe('does not ask again after', () => {
  const quota = (code: string) => JSON.stringify({ error: { message: 'no money', type: 'x', code } })
  test.each<[string, string, Answer]>([
    ['402', 'LLM_QUOTA', { status: 402 }],
    ['429 and the money is gone', 'LLM_QUOTA', { status: 429, text: quota('insufficient_quota') }],
    ['429 and the credit is used up', 'LLM_QUOTA', { status: 429, text: quota('credit_balance_exhausted') }],
    [
      '429 at the limit of the organization',
      'LLM_QUOTA',
      { status: 429, text: quota('organization_spend_limit_exceeded') },
    ],
    ['429 at the limit of the project', 'LLM_QUOTA', { status: 429, text: quota('project_spend_limit_exceeded') }],
    ['429 at the usage limit', 'LLM_QUOTA', { status: 429, text: quota('organization_usage_limit_exceeded') }],
    [
      '429 at an enforced spend limit',
      'LLM_QUOTA',
      {
        status: 429,
        text: JSON.stringify({
          type: 'error',
          error: {
            type: 'rate_limit_error',
            message: 'limit',
            details: { error_code: 'enforced_spend_limit_reached' },
          },
        }),
      },
    ],
    [
      'no money, whatever x-should-retry says',
      'LLM_QUOTA',
      { status: 429, text: quota('insufficient_quota'), headers: { 'x-should-retry': 'true' } },
    ],
    ['no money, said in a 200', 'LLM_QUOTA', { text: inBand({ code: 'insufficient_quota', message: 'no money' }) }],
    ['400', 'LLM_STATUS', { status: 400 }],
    ['401', 'LLM_STATUS', { status: 401 }],
    ['403', 'LLM_STATUS', { status: 403 }],
    ['404', 'LLM_STATUS', { status: 404 }],
    ['429, but x-should-retry: false', 'LLM_RATE_LIMITED', { status: 429, headers: { 'x-should-retry': 'false' } }],
    ['503, but x-should-retry: false', 'LLM_OVERLOADED', { status: 503, headers: { 'x-should-retry': 'false' } }],
    ['a page with status 200', 'LLM_PROTOCOL', { text: '<!doctype html>', contentType: 'text/html' }],
    ['something that is no event', 'LLM_PROTOCOL', { text: 'data: {not json}\n\n' }],
    ['content, and then an end', 'LLM_TRUNCATED', { text: token }],
    ['content, and then a reset', 'LLM_TRUNCATED', { text: token, behind: reset }],
    ['content, and then an error', 'LLM_OVERLOADED', { text: token + inBand({ type: 'overloaded_error' }) }],
  ])('%s', async (_, code, answer) => {
    const script = inTurn(answer, good)
    const outcome = await outcomeOf(ask(script))
    expect(outcome).toMatchObject({ complete: false, error: { code }, attempts: 1 })
    expect(script.asked).toEqual([0])
  })

  test('reasoning or a tool call, which are content too', async () => {
    const deltas = [
      { reasoning_content: 'hm' },
      { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] },
    ]
    for (const delta of deltas) {
      const outcome = await outcomeOf(ask(inTurn({ text: dataOnly({ choices: [{ index: 0, delta }] }) }, good)))
      expect(outcome).toMatchObject({
        complete: false,
        error: { code: 'LLM_TRUNCATED', retryable: false },
        attempts: 1,
      })
    }
  })

  test('more events without content than are held back', async () => {
    const usage = dataOnly({ id: 'c', choices: [], usage: { prompt_tokens: 1, completion_tokens: 0 } })
    const outcome = await outcomeOf(ask(inTurn({ text: usage.repeat(65) }, good)))
    expect(outcome).toMatchObject({ complete: false, attempts: 1, usage: { inputTokens: 1 } })
  })
})

test('an attempt that failed is closed before the next one is waited for', async () => {
  const script = inTurn({ text: inBand({ type: 'overloaded_error' }), behind: 'silence' }, good)
  let closed: boolean | undefined
  const onRetry = () => {
    closed = script.signals[0]?.aborted
  }
  expect(await outcomeOf(ask(script, { onRetry }))).toMatchObject({ complete: true, attempts: 2 })
  expect(closed).toBe(true)
})

describe('what a lost attempt said is not heard', () => {
  test('there is one start, and it is that of the answer', async () => {
    const script = inTurn({ text: role, behind: reset }, good)
    const stream = ask(script)
    const seen = collect(stream)
    await vi.advanceTimersByTimeAsync(10_000)
    const { events, error } = await seen
    expect(error).toBeUndefined()
    expect(events.map((event) => event.kind)).toEqual(['start', 'text', 'stop'])
    expect(events[0]).toMatchObject({ id: 'c' })
  })

  test('but of the last attempt everything is', async () => {
    const stream = ask(inTurn({ text: role, behind: reset }), { attempts: 2 })
    const seen = collect(stream)
    await vi.advanceTimersByTimeAsync(10_000)
    const { events, error } = await seen
    expect(events.map((event) => event.kind)).toEqual(['start'])
    expect(error).toMatchObject({ code: 'LLM_TRUNCATED', retryable: true })
    expect(await stream.outcome).toMatchObject({ attempts: 2, error })
  })
})

describe('waits', () => {
  test('twice as long each time, until there have been as many attempts as there may be', async () => {
    const script = inTurn({ status: 503 })
    const outcome = await outcomeOf(ask(script, { ...exact, attempts: 7 }))
    expect(outcome).toMatchObject({ attempts: 7, error: { code: 'LLM_OVERLOADED', retryable: true } })
    expect(gaps(script.asked)).toEqual([500, 1000, 2000, 4000, 8000, 8000])
  })

  test('three attempts, unless told otherwise, and up to half as long at random', async () => {
    const script = inTurn({ status: 503 })
    await outcomeOf(ask(script, { random: () => 0.999_999 }))
    const [first = 0, second = 0, ...more] = gaps(script.asked)
    expect(first).toBeGreaterThanOrEqual(250)
    expect(first).toBeLessThan(252)
    expect(second).toBeLessThan(502)
    expect(more).toEqual([])
  })

  const date = 'Fri, 20 Nov 2026 12:00:00 GMT'
  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['retry-after-ms', { 'retry-after-ms': '120.5' }, 120],
    ['retry-after-ms, over Retry-After', { 'retry-after-ms': '120', 'retry-after': '9' }, 120],
    ['Retry-After in seconds', { 'retry-after': '7' }, 7000],
    ['Retry-After in parts of a second', { 'retry-after': '1.5' }, 1500],
    ['Retry-After: 0', { 'retry-after': '0' }, 0],
    ["a date, by the server's own clock", { 'retry-after': 'Fri, 20 Nov 2026 12:00:20 GMT', date }, 20_000],
    ['a date that is over', { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT', date }, 0],
    ['nothing that can be understood: as if nothing were said', { 'retry-after': 'soon' }, 500],
  ])('what the provider asks for: %s', async (_, headers, delay) => {
    const script = inTurn({ status: 429, headers }, good)
    expect(await outcomeOf(ask(script))).toMatchObject({ complete: true, attempts: 2 })
    expect(script.asked).toEqual([0, delay])
  })

  test("what Gemini asks for: RetryInfo in the error's details", async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7.5s' }]
    const text = JSON.stringify({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'slow down', details } })
    const ok = dataOnly({ candidates: [{ index: 0, content: { parts: [{ text: 'tok' }] }, finishReason: 'STOP' }] })
    const script = inTurn({ status: 429, text }, { text: ok })
    const stream = streamChat(gemini(), chat, { transport: script.transport, retry: exact })
    expect(await outcomeOf(stream)).toMatchObject({ complete: true, text: 'tok', attempts: 2 })
    expect(script.asked).toEqual([0, 7500])
  })

  test('not at all, if the provider asks for more than maxDelay: the error has the wait', async () => {
    const script = inTurn({ status: 429, headers: { 'retry-after': '90' } }, good)
    const retries: RetryInfo[] = []
    const { error, attempts } = await ask(script, { onRetry: (info) => retries.push(info) }).outcome // without waiting
    expect(error).toMatchObject({ code: 'LLM_RATE_LIMITED', retryAfter: 90_000, retryable: true })
    expect(error?.message).toContain('try again in 90 s')
    expect({ attempts, retries }).toEqual({ attempts: 1, retries: [] })
  })

  test('as long as that, if maxDelay allows it', async () => {
    const script = inTurn({ status: 429, headers: { 'retry-after': '90' } }, good)
    expect(await outcomeOf(ask(script, { maxDelay: 90_000 }))).toMatchObject({ complete: true, attempts: 2 })
    expect(script.asked).toEqual([0, 90_000])
  })

  test('no longer than maxDelay by itself', async () => {
    const script = inTurn({ status: 503 })
    await outcomeOf(ask(script, { ...exact, attempts: 4, maxDelay: 700 }))
    expect(gaps(script.asked)).toEqual([500, 700, 700])
  })
})

describe('onRetry', () => {
  test('is told before each wait: which attempt, how long, and why', async () => {
    const retries: RetryInfo[] = []
    const script = inTurn({ status: 429, headers: { 'retry-after': '2' } }, refused, good)
    await outcomeOf(ask(script, { ...exact, onRetry: (info) => retries.push(info) }))
    expect(retries).toMatchObject([
      { attempt: 1, delay: 2000, error: { code: 'LLM_RATE_LIMITED', status: 429 } },
      { attempt: 2, delay: 1000, error: { code: 'LLM_CONNECT' } },
    ])
  })

  test('is not told the key', async () => {
    const apiKey = 'sk-very-secret'
    const errors: LlmError[] = []
    const { transport } = inTurn({ status: 503, text: `{"error":{"message":"no room for ${apiKey}"}}` }, good)
    const retry = { onRetry: ({ error }: RetryInfo) => errors.push(error) }
    await outcomeOf(streamChat(openai({ apiKey }), chat, { transport, retry }))
    expect(errors[0]?.message).toContain('no room for')
    expect(JSON.stringify(errors.map(({ message, stack, cause }) => [message, stack, String(cause)]))).not.toContain(
      apiKey,
    )
  })

  test('may abort the answer: there is no other attempt', async () => {
    const script = inTurn({ status: 503 }, good)
    const stream: ChatStream = ask(script, { onRetry: () => stream.abort('enough') })
    const { outcome } = stream
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(await outcome).toMatchObject({ error: { code: 'LLM_ABORTED', cause: 'enough' }, attempts: 1 })
    expect(script.asked).toEqual([0])
  })

  test('that throws ends the answer', async () => {
    const cause = new Error('no')
    const script = inTurn({ status: 503 }, good)
    const onRetry = () => {
      throw cause
    }
    expect((await outcomeOf(ask(script, { onRetry }))).error).toMatchObject({ code: 'LLM_ABORTED', cause })
    expect(script.asked).toEqual([0])
  })
})

describe('while it waits for the next attempt', () => {
  test('abort() ends it at once, and nothing is asked any more', async () => {
    const script = inTurn({ status: 503 }, good)
    const stream = ask(script)
    const { outcome } = stream
    await vi.advanceTimersByTimeAsync(100)
    stream.abort()
    expect(await outcome).toMatchObject({ error: { code: 'LLM_ABORTED' }, attempts: 1 })
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(script.asked).toEqual([0])
  })

  test('leaving the loop does so, too', async () => {
    const script = inTurn({ status: 503 }, good)
    const iterator = ask(script)[Symbol.asyncIterator]()
    const next = iterator.next()
    await vi.advanceTimersByTimeAsync(100)
    await iterator.return?.()
    expect(await next).toEqual({ done: true, value: undefined })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(script.asked).toEqual([0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each(['firstToken', 'total'] as const)('%s runs out, and says what it was waiting for', async (name) => {
    const script = inTurn({ status: 429, headers: { 'retry-after': '20' } }, good)
    const timeouts = { [name]: 5000 }
    const stream = streamChat(openai(), chat, { transport: script.transport, timeouts })
    const { error } = await outcomeOf(stream)
    expect(error).toMatchObject({ code: 'LLM_TIMEOUT', cause: { code: 'LLM_RATE_LIMITED' } })
    expect(error?.message).toMatch(new RegExp(`timeouts.${name}.*before that: .*429`))
    expect(script.asked).toEqual([0])
  })

  test('firstToken is for all attempts together', async () => {
    const script = inTurn('silence')
    const timeouts = { headers: 1000, firstToken: 2000 }
    let retries = 0
    const retry = { ...exact, attempts: 9, onRetry: () => retries++ }
    const stream = streamChat(openai(), chat, { transport: script.transport, retry, timeouts })
    expect(await outcomeOf(stream)).toMatchObject({ error: { code: 'LLM_TIMEOUT' }, attempts: 2 })
    expect(retries).toBe(1)
    expect(script.asked).toEqual([0, 1500])
    expect(script.signals.every(({ aborted }) => aborted)).toBe(true)
  })
})

test.each<[string, RetryOptions]>([
  ['attempts of 0', { attempts: 0 }],
  ['attempts that are no number', { attempts: Number.NaN }],
  ['a negative maxDelay', { maxDelay: -1 }],
  ['a maxDelay that is no number', { maxDelay: Number.NaN }],
])('%s is a RangeError before anything is sent', (_, retry) => {
  const script = inTurn(good)
  expect(() => ask(script, retry)).toThrow(RangeError)
  expect(script.asked).toEqual([])
})

test('an answer that was aborted before it began was never asked for', async () => {
  const script = inTurn(good)
  const stream = streamChat(openai(), chat, { transport: script.transport, signal: AbortSignal.abort() })
  expect(await stream.outcome).toMatchObject({ attempts: 0, error: { code: 'LLM_ABORTED' } })
  expect(script.asked).toEqual([])
})

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
}
