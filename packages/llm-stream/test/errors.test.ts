import { inspect } from 'node:util'
import { Fields } from '@sse-from-scratch/http-raw'
import {
  anthropic,
  gemini,
  type LlmError,
  ollama,
  openai,
  openaiResponses,
  type Provider,
  providerFromEnv,
} from '@sse-from-scratch/llm-stream'
import { describe, expect, test } from 'vitest'
import { askOnce, bytes, chat, replying } from './wire.ts'

const KEY = 'sk-secret-0123456789'

const table: readonly (readonly [number, unknown, string, boolean])[] = [
  [400, { error: { message: 'm', type: 'invalid_request_error' } }, 'LLM_STATUS', false],
  [401, { error: { message: 'm', type: 'authentication_error' } }, 'LLM_STATUS', false],
  [402, '', 'LLM_QUOTA', false],
  [403, { type: 'error', error: { type: 'permission_error', message: 'm' } }, 'LLM_STATUS', false],
  [404, { detail: 'm' }, 'LLM_STATUS', false],
  [408, '', 'LLM_STATUS', true],
  [409, { type: 'error', error: { type: 'conflict_error', message: 'm' } }, 'LLM_STATUS', true],
  [413, { type: 'error', error: { type: 'request_too_large', message: 'm' } }, 'LLM_STATUS', false],
  [422, { detail: [{ msg: 'm' }, { msg: 'n' }] }, 'LLM_STATUS', false],
  [429, { error: { message: 'm', type: 'requests', code: 'rate_limit_exceeded' } }, 'LLM_RATE_LIMITED', true],
  [429, { error: { message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' } }, 'LLM_QUOTA', false],
  [
    429,
    {
      type: 'error',
      error: { type: 'rate_limit_error', message: 'm', details: { error_code: 'contract_spend_limit_reached' } },
    },
    'LLM_QUOTA',
    false,
  ],
  [
    400,
    { type: 'error', error: { type: 'invalid_request_error', message: 'Your credit balance is too low' } },
    'LLM_QUOTA',
    false,
  ],
  [429, '<html><title>Too many</title>', 'LLM_RATE_LIMITED', true],
  [500, { error: 'm' }, 'LLM_STATUS', true],
  [502, '<html><head><title>502 Bad Gateway</title>', 'LLM_STATUS', true],
  [503, { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } }, 'LLM_OVERLOADED', true],
  [529, { type: 'error', error: { type: 'overloaded_error', message: 'm' } }, 'LLM_OVERLOADED', true],
  [307, '', 'LLM_STATUS', false],
  [400, { error: { code: 400, message: 'm', status: 'INVALID_ARGUMENT' } }, 'LLM_STATUS', false],
  [429, [{ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }], 'LLM_RATE_LIMITED', true],
  [500, { error: { code: 500, message: 'm', status: 'INTERNAL' } }, 'LLM_STATUS', true],
  [503, { error: { code: 503, message: 'm', status: 'UNAVAILABLE' } }, 'LLM_OVERLOADED', true],
  [404, { error: "model 'x' not found" }, 'LLM_STATUS', false],
  [422, { object: 'error', message: { detail: [{ msg: 'm' }] }, type: 'invalid_request_error' }, 'LLM_STATUS', false],
  [403, { success: false, errors: [{ code: 10000, message: 'm' }] }, 'LLM_STATUS', false],
  [429, { error: { type: 'exceeded_current_quota_error', message: 'm' } }, 'LLM_QUOTA', false],
  [429, { error: { code: 'credit_balance_exhausted', message: 'm' } }, 'LLM_QUOTA', false],
  [429, { error: { code: 'organization_spend_limit_exceeded', message: 'm' } }, 'LLM_QUOTA', false],
  [429, { error: { code: 'project_spend_limit_exceeded', message: 'm' } }, 'LLM_QUOTA', false],
  [429, { error: { code: 'organization_usage_limit_exceeded', message: 'm' } }, 'LLM_QUOTA', false],
  [429, { error: { code: 'slow_down', message: 'm' } }, 'LLM_RATE_LIMITED', true],
]

test.each(table)('%i %j is %s', async (status, body, code, retryable) => {
  for (const make of [openai, openaiResponses, anthropic, gemini, ollama]) {
    const provider = make({ apiKey: KEY })
    const reads = [bytes(typeof body === 'string' ? body : JSON.stringify(body))]
    const { error } = await askOnce(provider, chat, { transport: replying(reads, { status }) }).outcome
    expect(error).toMatchObject({ code, status, retryable })
  }
})

describe('the message', () => {
  const message = (status: number, body: string) =>
    openai({ apiKey: KEY, keyName: 'MY_KEY' }).readError(status, new Fields(), bytes(body)).message

  test.each([
    [400, '{"error":{"message":"no such thing"}}', 'OpenAI answered 400: no such thing'],
    [500, '[{"error":{"code":500,"message":"in a list"}}]', 'OpenAI answered 500: in a list'],
    [422, '{"detail":[{"msg":"a"},{"msg":"b"}]}', 'OpenAI answered 422: a; b'],
    [422, '{"detail":[{"loc":["body","n",0],"msg":"a"},{"loc":[]}]}', 'OpenAI answered 422: body.n.0: a'],
    [400, '{"error":{"type":"odd","code":7}}', 'OpenAI answered 400: odd 7'],
    [422, '{"object":"error","message":{"detail":[{"msg":"a"}]}}', 'OpenAI answered 422: a'],
    [500, '{"message":"flat"}', 'OpenAI answered 500: flat'],
    [500, '{"success":false,"errors":[{"message":"edge"}]}', 'OpenAI answered 500: edge'],
    [404, '{"error":"no such model"}', "OpenAI answered 404: no such model (check the base URL and the model's name)"],
    [400, `{"error":{"message":"${'x'.repeat(3000)}"}}`, `OpenAI answered 400: ${'x'.repeat(2000)}…`],
    [400, `{"error":"${'x'.repeat(3000)}"}`, `OpenAI answered 400: ${'x'.repeat(2000)}…`],
    [502, `<title>${'x'.repeat(300)}`, `OpenAI answered 502: a page titled "${'x'.repeat(200)}…"`],
    [502, '<html><title> Bad Gateway </title>', 'OpenAI answered 502: a page titled "Bad Gateway"'],
    [500, 'line one\nline two', 'OpenAI answered 500: line one'],
    [500, '', 'OpenAI answered 500'],
    [401, '{"error":{"message":"bad key"}}', 'OpenAI answered 401: bad key (check MY_KEY)'],
    [404, '', "OpenAI answered 404 (check the base URL and the model's name)"],
    [302, '', 'OpenAI answered 302 (a redirect to nowhere)'],
  ])('of %i %s', (status, body, expected) => {
    expect(message(status, body)).toBe(expected)
  })

  test.each([
    [429, { 'Retry-After': '7' }, 'OpenAI answered 429 (try again in 7 s)'],
    [503, { 'retry-after-ms': '1200' }, 'OpenAI answered 503 (try again in 2 s)'],
    [500, { 'Retry-After': '7' }, 'OpenAI answered 500'],
    [
      307,
      { Location: `https://u:${KEY}@b.example/v1/x?key=${KEY}` },
      'OpenAI answered 307 (a redirect to https://b.example/v1/x, not followed: check the base URL)',
    ],
    [
      301,
      { Location: `/${KEY}/x#y` },
      'OpenAI answered 301 (a redirect to /[redacted]/x, not followed: check the base URL)',
    ],
  ] as const)('of %i with %j', (status, fields, expected) => {
    const init: Record<string, string> = fields
    expect(openai({ apiKey: KEY }).readError(status, new Fields(init), bytes('')).message).toBe(expected)
  })

  test('says where the key is to come from when none was sent', () => {
    expect(anthropic().readError(401, new Fields(), bytes('')).message).toBe(
      'Anthropic answered 401 (no key was sent: give apiKey, or take providerFromEnv())',
    )
    expect(openai({ headers: { 'api-key': 'k1' } }).readError(401, new Fields(), bytes('no k1')).message).toBe(
      'OpenAI answered 401: no [redacted] (check the key in headers)',
    )
    expect(providerFromEnv({ LLM_PROVIDER: 'anthropic' })?.readError(401, new Fields(), bytes('')).message).toBe(
      'Anthropic answered 401 (no key was sent: set ANTHROPIC_API_KEY)',
    )
  })
})

describe('when to come back', () => {
  const after = (fields: Record<string, string>) => openai().readError(429, new Fields(fields), bytes('')).retryAfter

  test.each([
    [{ 'Retry-After': '90' }, 90_000],
    [{ 'Retry-After': '1.5' }, 1500],
    [{ 'Retry-After': '90', 'retry-after-ms': '12.5' }, 12.5],
    [{ 'Retry-After': 'Fri, 20 Nov 2026 10:00:30 GMT', Date: 'Fri, 20 Nov 2026 10:00:00 GMT' }, 30_000],
    [{ 'Retry-After': 'Fri, 20 Nov 2026 10:00:00 GMT', Date: 'Fri, 20 Nov 2026 10:00:30 GMT' }, 0],
    [{ 'Retry-After': 'soon' }, undefined],
    [{ 'Retry-After': '-1' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (fields, expected) => {
    expect(after(fields as Record<string, string>)).toBe(expected)
  })

  test.each([
    ['34s', {}, 34_000],
    ['34.5s', {}, 34_500],
    ['34s', { 'Retry-After': '1' }, 1000], // a header is what every proxy on the way has seen
    ['soon', {}, undefined],
    [34, {}, undefined],
  ])('RetryInfo %j in the body and %j is %s ms', (retryDelay, fields, expected) => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
    ]
    const body = { error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED', details } }
    for (const json of [body, [body]]) {
      const error = gemini().readError(429, new Fields(fields as Record<string, string>), bytes(JSON.stringify(json)))
      expect(error.retryAfter).toBe(expected)
    }
  })

  test('x-should-retry has the last word, but not about money', () => {
    const verdict = (status: number, value: string) =>
      openai().readError(status, new Fields({ 'x-should-retry': value }), bytes('')).retryable
    expect([verdict(400, 'true'), verdict(500, 'false'), verdict(402, 'true')]).toEqual([true, false, false])
  })

  test('comes through the transport', async () => {
    const transport = replying([bytes('{}')], {
      status: 429,
      headers: { 'retry-after': '7', 'x-ratelimit-remaining-requests': '0' },
    })
    expect(await askOnce(openai(), chat, { transport }).outcome).toMatchObject({
      error: { retryAfter: 7000 },
      rateLimit: { requests: { remaining: 0 } },
    })
  })
})

test('of the body of an error 64 KiB are read, and not a byte more', async () => {
  const message = async (size: number) => {
    const body = bytes('{"error":{"message":"slow down"}}'.padStart(size))
    const reads = [body.subarray(0, 65_536), body.subarray(65_536)].filter((read) => read.length > 0)
    return (await askOnce(openai(), chat, { transport: replying(reads, { status: 429 }) }).outcome).error?.message
  }
  expect(await message(65_536)).toMatch(/429: slow down$/)
  expect(await message(65_537)).toMatch(/429(?!: slow down$)/)
})

test.each([
  [
    { 'x-ratelimit-limit-tokens': '100', 'x-ratelimit-remaining-tokens': '40', 'x-ratelimit-reset-tokens': '1m12.5s' },
    { tokens: { limit: 100, remaining: 40, resetAfter: 72_500 } },
  ],
  [{ 'x-ratelimit-reset-requests': '12ms' }, { requests: { resetAfter: 12 } }],
  [{ 'x-ratelimit-reset-requests': '6' }, { requests: { resetAfter: 6000 } }],
  [{ 'x-ratelimit-remaining-requests': '-1' }, undefined],
  [
    { 'anthropic-ratelimit-input-tokens-remaining': '5', 'anthropic-ratelimit-output-tokens-limit': '9' },
    { inputTokens: { remaining: 5 }, outputTokens: { limit: 9 } },
  ],
  [{ 'anthropic-ratelimit-requests-reset': '2000-01-01T00:00:00Z' }, { requests: { resetAfter: 0 } }],
  [
    { 'anthropic-ratelimit-tokens-reset': '2026-11-20T10:00:30Z', date: 'Fri, 20 Nov 2026 10:00:00 GMT' },
    { tokens: { resetAfter: 30_000 } },
  ],
  [{ 'x-ratelimit-reset-tokens': '6m0s' }, { tokens: { resetAfter: 360_000 } }],
  [{ 'x-ratelimit-reset-tokens': '2m59.56s' }, { tokens: { resetAfter: 179_560 } }],
  [{ 'x-ratelimit-reset-tokens': '1h0m0.5s' }, { tokens: { resetAfter: 3_600_500 } }],
  [{ 'x-ratelimit-reset-tokens': '250us' }, { tokens: { resetAfter: 0.25 } }],
  [{ 'x-ratelimit-reset-tokens': '250\u00b5s' }, { tokens: { resetAfter: 0.25 } }],
  [{ 'x-ratelimit-reset-tokens': '-1' }, undefined], // Azure; to Date.parse it is a day in 2001
  [{ 'x-ratelimit-reset-tokens': '0' }, { tokens: { resetAfter: 0 } }],
  [{ 'x-ratelimit-reset-tokens': '1.2.3s' }, undefined],
  [{ 'x-ratelimit-reset-tokens': 'tomorrow' }, undefined],
  [{ 'x-ratelimit-limit-tokens': 'Infinity' }, undefined],
  [
    {
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1795168830000',
      date: 'Fri, 20 Nov 2026 10:00:00 GMT',
    },
    { requests: { limit: 20, remaining: 0, resetAfter: 30_000 } },
  ],
])('rate-limit headers %j', async (headers, expected) => {
  expect(
    (await askOnce(openai(), chat, { transport: replying([], { headers: headers as Record<string, string> }) }).outcome)
      .rateLimit,
  ).toEqual(expected)
})

describe('a key', () => {
  const providers: readonly Provider[] = [
    openai({ apiKey: KEY }),
    anthropic({ apiKey: KEY }),
    anthropic({ apiKey: KEY, version: '2026-10-21' }),
    openai({ headers: { 'X-Secret': KEY } }),
    openaiResponses({ apiKey: KEY }),
    gemini({ apiKey: KEY }),
    ollama({ apiKey: KEY }),
  ]

  /** Everything somebody might print or log of it. */
  function shown(error: LlmError | undefined): string {
    return [
      inspect(error, { depth: 10, showHidden: true }),
      String(error?.stack),
      JSON.stringify(error),
      inspect(error?.cause, { depth: 10 }),
    ].join('\n')
  }

  test.each(providers.map((provider) => [provider.name, provider] as const))(
    'echoed in an error body is not repeated (%s)',
    async (_, provider) => {
      const echo = JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}. Check ${KEY}`, type: KEY } })
      for (const status of [400, 401, 403, 429, 500]) {
        const { error } = await askOnce(provider, chat, { transport: replying([bytes(echo)], { status }) }).outcome
        expect(shown(error)).not.toContain(KEY)
        expect(error?.message).toContain('[redacted]')
      }
    },
  )

  test.each(providers.map((provider) => [provider.name, provider] as const))(
    'echoed inside a stream is not repeated (%s)',
    async (_, provider) => {
      const { error } = await askOnce(provider, chat, {
        transport: replying([bytes(`data: {"type":"error","error":{"message":"bad key ${KEY}"}}\n\n`)]),
      }).outcome
      expect(error?.code).toBe('LLM_PROVIDER')
      expect(shown(error)).not.toContain(KEY)
    },
  )

  /** Complaints that are cut where the key is, one character of it after the other. */
  function* cutInTheKey(size: number): Generator<string> {
    for (let shown = 0; shown <= KEY.length; shown++) yield `${'x'.repeat(size - shown)}${KEY} is wrong`
  }

  test.each([
    ['a message', (text: string) => JSON.stringify({ error: { message: text } }), 2000],
    ['an error that is a text', (text: string) => JSON.stringify({ error: text }), 2000],
    ['a list of complaints', (text: string) => JSON.stringify({ detail: [{ msg: text }] }), 2000],
    ['the title of a page', (text: string) => `<html><title>${text}</title>`, 200],
    ['a first line', (text: string) => `${text}\nmore`, 200],
  ] as const)('cut in two with %s is not repeated up to there', (_, body, size) => {
    const provider = openai({ apiKey: KEY })
    for (const text of cutInTheKey(size)) {
      const { message } = provider.readError(500, new Fields(), bytes(body(text)))
      expect(message).not.toContain(KEY.slice(0, 2))
    }
  })

  test.each(providers.map((provider) => [provider.name, provider] as const))(
    'cut in two with a complaint inside a stream is not repeated up to there (%s)',
    async (_, provider) => {
      for (const text of cutInTheKey(2000)) {
        const transport = replying([bytes(`data: ${JSON.stringify({ error: text })}\n\n`)])
        const { error } = await askOnce(provider, chat, { transport }).outcome
        expect(error?.message.length).toBeLessThan(2100)
        expect(shown(error)).not.toContain(KEY.slice(0, 2))
      }
    },
  )

  test('that JSON spells in its own way, in an error of no known shape, is not repeated', async () => {
    const event = 'event: error\ndata: {"odd":"bad key sk\\/secret\\u002b1"}\n\n'
    for (const make of [openai, openaiResponses, anthropic]) {
      const { error } = await askOnce(make({ apiKey: 'sk/secret+1' }), chat, { transport: replying([bytes(event)]) })
        .outcome
      expect(error?.message).toContain('{"odd":"bad key [redacted]"}')
    }
  })

  test('in what a transport throws is not passed on', async () => {
    const inner = Object.assign(new Error('inner'), { headers: { authorization: `Bearer ${KEY}` } })
    const failing = () => Promise.reject(new TypeError(`invalid header value Bearer ${KEY}`, { cause: inner }))
    const nested = () => Promise.reject(new Error('outer', { cause: inner }))
    for (const transport of [failing, nested]) {
      const { error } = await askOnce(openai({ apiKey: KEY }), chat, { transport }).outcome
      expect(error?.code).toBe('LLM_CONNECT')
      expect(shown(error)).not.toContain(KEY)
    }
  })

  const around = (fields: object) => Object.assign(new Error('failed'), fields)
  const cyclic = around({ config: { headers: { Authorization: `Bearer ${KEY}` } } })
  Object.assign(cyclic, { request: { error: cyclic } })
  const hidden = new Error('failed')
  Object.defineProperty(hidden, 'request', { value: { [Symbol('key')]: [KEY] } })
  const unwilling = around({})
  Object.defineProperty(unwilling, 'cause', { value: new Proxy({}, { ownKeys: () => fail() }) })
  const fail = (): never => {
    throw new Error(KEY)
  }

  test.each([
    ['on a way in a circle', cyclic],
    ['beside a BigInt', around({ size: 5n, key: KEY })],
    ['in another error', around({ inner: new Error(KEY) })],
    ['in one of several errors', new AggregateError([new Error(KEY)])],
    ['in a Map', around({ fields: new Map([['x-api-key', KEY]]) })],
    ['in Headers', around({ headers: new Headers({ authorization: `Bearer ${KEY}` }) })],
    ['in a URL', around({ url: new URL(`http://h/?key=${KEY}`) })],
    ['in bytes', around({ sent: bytes(`x-api-key: ${KEY}`) })],
    ['in the name of a member', around({ [KEY]: true })],
    ['behind a toJSON that leaves it out', around({ key: KEY, toJSON: () => ({}) })],
    ['in a hidden member', hidden],
    ['where nobody can look', unwilling],
    ['behind more than anybody prints', around({ list: Array.from({ length: 20_000 }, () => ({})) })],
  ])('in what a transport throws, %s, is not passed on', async (_, thrown) => {
    const { error } = await askOnce(openai({ apiKey: KEY }), chat, { transport: () => Promise.reject(thrown) }).outcome
    expect([error?.code, error?.cause]).toEqual(['LLM_CONNECT', undefined])
    expect(shown(error)).not.toContain(KEY)
  })

  test('leaves a cause alone that does not have it', async () => {
    const thrown = around({ fields: new Map([['a', 1n]]), getter: undefined, sent: bytes('nothing') })
    Object.assign(thrown, { self: thrown })
    const { error } = await askOnce(openai({ apiKey: KEY }), chat, { transport: () => Promise.reject(thrown) }).outcome
    expect(error?.cause).toBe(thrown)
  })

  test('that cannot be sent is a TypeError that names where it was set', () => {
    const keyName = 'MY_KEY'
    for (const make of [openai, anthropic]) expect(() => make({ apiKey: `${KEY}\n`, keyName })).toThrow('(MY_KEY)')
  })

  test('that cannot be sent is a TypeError that does not repeat it', () => {
    for (const apiKey of [`${KEY}\n`, `${KEY} x`, `${KEY}\u00e9`, '']) {
      for (const make of [openai, anthropic]) {
        let thrown: unknown
        try {
          make({ apiKey })
        } catch (error) {
          thrown = error
        }
        expect(thrown).toBeInstanceOf(TypeError)
        expect(inspect(thrown)).not.toContain(KEY)
      }
    }
  })

  test('with a line break in a header of the caller is a TypeError that does not repeat it', () => {
    const provider = openai({ headers: { Authorization: `Bearer ${KEY}\r\nX: y` } })
    expect(() => askOnce(provider, chat)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(KEY) }),
    )
    expect(() => askOnce(provider, chat)).toThrow(TypeError)
  })

  test('in a base URL is a TypeError that does not repeat it', () => {
    const make = () => openai({ baseUrl: `http://user:${KEY}@localhost/v1` })
    expect(make).toThrow(TypeError)
    expect(make).not.toThrow(KEY)
  })
})

test('a key in the query of the base URL is in no error either', async () => {
  const provider = openai({ baseUrl: 'http://h/v1?api-version=2&api_key=a%2Fsecret' })
  for (const echo of ['a/secret', 'a%2Fsecret']) {
    const body = bytes(JSON.stringify({ error: { message: `wrong key ${echo}` } }))
    const { error } = await askOnce(provider, chat, { transport: replying([body], { status: 403 }) }).outcome
    expect(inspect(error)).toContain('wrong key [redacted]')
    expect(inspect(error)).not.toContain(echo)
  }
})
