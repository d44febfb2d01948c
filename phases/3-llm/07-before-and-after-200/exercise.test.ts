import { expect, mistake } from '@sse-from-scratch/course'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { test } from 'vitest'
import { explain } from '#ex/07-before-and-after-200'
import type { Advice, StreamFailure } from './contract.ts'

type Verdicts = Readonly<Record<string, boolean>>
type Verdict = Omit<Advice, 'say'>

const retriesRefused = mistake<Verdicts>(
  'retries-refused',
  '401, 403, 400 and 404 are about your request, and the next one is the same. Asking again only makes people wait longer for the bad news (RFC 9110 §15.5).',
  (got) => Object.values(got).includes(true),
)
const gives429Up = mistake<Verdicts>(
  'gives-429-up',
  'You took every status from 400 to 499 for final. Three of them pass: 408, 409, and 429, "too many requests" (RFC 6585 §4).',
  (got) => got['429'] === false && got['500'] === true,
)
const only429 = mistake<Verdicts>(
  'only-429',
  'You know one status below 500 that passes. Two more do: 408, the server has waited too long for your request, and 409, something else stood in its way just then (RFC 9110 §15.5.9, §15.5.10).',
  (got) => got['429'] === true && (got['408'] === false || got['409'] === false),
)
const unknown529 = mistake<Verdicts>(
  'unknown-529',
  'You know 500, 502, 503 and 504 only. A status that you do not know counts as the x00 of its class: 529 is to be read as 500 (RFC 9110 §15).',
  (got) => got['529'] === false && got['503'] === true,
)
const quotaIsARateLimit = mistake<Verdicts>(
  'quota-is-a-rate-limit',
  'The same 429 has two meanings: too fast, and no money. Only the body tells them apart: `insufficient_quota`, or a spend limit in `details.error_code`. No wait brings money back.',
  (got) => Object.values(got).includes(true),
)
const secondsAsMs = mistake<Verdict>(
  'seconds-as-ms',
  'Retry-After counts seconds, and a timer milliseconds (RFC 9110 §10.2.3). You came back a thousand times too early.',
  (got) => got.afterMs === 20,
)
const ignoresRetryAfter = mistake<Verdict>(
  'ignores-retry-after',
  'The server has said how long to wait, and you did not hand it on. Who comes back earlier is refused again, and counted again (RFC 9110 §10.2.3).',
  (got) => got.retry && got.afterMs === undefined,
)
const dateIsNoNumber = mistake<Verdict>(
  'date-is-no-number',
  'Retry-After may be a date as well as a number (RFC 9110 §10.2.3). You made NaN of it; a timer takes that for 1 millisecond, and you come back at once.',
  (got) => Number.isNaN(got.afterMs),
)
const ownClock = mistake<Verdict>(
  'own-clock',
  'You measured the date by your own clock, and it may be wrong. The answer has a Date of the same server (RFC 9110 §6.6.1): the difference of the two is right everywhere.',
  (got) => typeof got.afterMs === 'number' && !Number.isNaN(got.afterMs),
)
const knowsBetter = mistake<Verdicts>(
  'knows-better',
  'The server said `x-should-retry`, and you decided by the status. It knows more about its trouble than three digits can say.',
  () => true,
)
const statusDecides = mistake<Verdicts>(
  'status-decides',
  'The status was 200, and it says nothing any more: the trouble came later. The type of the error in the event says whether it may pass.',
  (got) => !Object.values(got).includes(true),
)
const anyEventPasses = mistake<Verdicts>(
  'any-event-passes',
  'Not each error inside a 200 may pass. `invalid_request_error` and `insufficient_quota` will be the same the next time: read the type.',
  (got) => !Object.values(got).includes(false),
)
const repeatsTheAnswer = mistake<Verdicts>(
  'repeats-the-answer',
  'The reader has seen the beginning, and a new answer begins with other words: you would show two beginnings. Only what is still invisible may be asked for again.',
  (got) => Object.values(got).includes(true),
)
const tellsTheKey = mistake<{ readonly key: boolean }>(
  'tells-the-key',
  'Some providers repeat the key in their complaint, and your line goes to screens, logs and bug reports. Take the key out of every text that you hand on.',
  ({ key }) => key,
)
const bodyIsJson = mistake<unknown>(
  'body-is-json',
  'You took the body for JSON. A 502 is often the page of a proxy that could not reach the provider: JSON.parse throws, and the error that people see is about a `<`.',
  (got) => /JSON/.test(`${got}`),
)

test('a request that was refused: the next one will be refused, too', () => {
  const got = verdicts([400, 401, 403, 404].map((status) => [`${status}`, before(status)]))
  expect(got).toMean({ '400': false, '401': false, '403': false, '404': false }, { mistakes: [retriesRefused] })
})

test('a time-out, a conflict, too many requests, a server in trouble: it may pass', () => {
  const got = verdicts([408, 409, 429, 500, 502, 503, 529].map((status) => [`${status}`, before(status)]))
  const all = { '408': true, '409': true, '429': true, '500': true, '502': true, '503': true, '529': true }
  expect(got).toMean(all, { mistakes: [gives429Up, only429, unknown529] })
})

test('when the money is gone, no wait brings it back', () => {
  const got = verdicts([
    ['402', before(402)],
    [
      '429 OpenAI',
      before(429, {}, '{"error":{"message":"No money.","type":"insufficient_quota","code":"insufficient_quota"}}'),
    ],
    [
      '429 Anthropic',
      before(
        429,
        {},
        '{"type":"error","error":{"type":"rate_limit_error","message":"No money.","details":{"error_code":"enforced_spend_limit_reached"}}}',
      ),
    ],
  ])
  expect(got).toMean({ '402': false, '429 OpenAI': false, '429 Anthropic': false }, { mistakes: [quotaIsARateLimit] })
})

test('the server says how long to wait, in seconds', () => {
  const got = verdict(before(429, { 'retry-after': '20' }))
  expect(got).toMean({ retry: true, afterMs: 20_000 }, { mistakes: [secondsAsMs, ignoresRetryAfter] })
})

test('or more exactly, in milliseconds', () => {
  const got = verdict(before(429, { 'retry-after-ms': '1500', 'retry-after': '2' }))
  expect(got).toMean({ retry: true, afterMs: 1500 })
})

test('or with a date, by its own clock', () => {
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT'
  const got = verdict(before(503, { date, 'retry-after': 'Sun, 06 Nov 1994 08:50:07 GMT' }))
  expect(got).toMean({ retry: true, afterMs: 30_000 }, { mistakes: [dateIsNoNumber, ownClock] })
})

test('when it has not said so, neither do you; and there is nothing to wait for where nobody comes back', () => {
  expect(verdict(before(429))).toMean({ retry: true })
  expect(verdict(before(401, { 'retry-after': '20' }))).toMean({ retry: false })
})

test('x-should-retry goes before the status', () => {
  const got = verdicts([
    ['503, false', before(503, { 'x-should-retry': 'false' })],
    ['400, true', before(400, { 'x-should-retry': 'true' })],
  ])
  expect(got).toMean({ '503, false': false, '400, true': true }, { mistakes: [knowsBetter] })
})

test('an error inside a 200: its type says whether it may pass', () => {
  const got = verdicts([
    ['overloaded_error', inside('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}')],
    ['server_error', inside('{"error":{"message":"Oops.","type":"server_error","code":null}}')],
    ['invalid_request_error', inside('{"error":{"message":"No.","type":"invalid_request_error","code":null}}')],
    [
      'insufficient_quota',
      inside('{"error":{"message":"No money.","type":"server_error","code":"insufficient_quota"}}'),
    ],
  ])
  expect(got).toMean(
    { overloaded_error: true, server_error: true, invalid_request_error: false, insufficient_quota: false },
    { mistakes: [statusDecides, anyEventPasses] },
  )
})

test('an answer that has begun is not asked for again; one that ended before its first word may be', () => {
  const overloaded = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
  const begun = verdicts([
    ['error behind "The sea"', inside(overloaded, 'The sea')],
    ['cut behind "The sea"', { kind: 'cut', delivered: 'The sea' }],
  ])
  const never = { 'error behind "The sea"': false, 'cut behind "The sea"': false }
  expect(begun).toMean(never, { mistakes: [repeatsTheAnswer] })
  expect(verdict({ kind: 'cut', delivered: '' })).toMean({ retry: true })
})

test("it says the status and the provider's words, and never the key", () => {
  const key = 'sk-very-secret-0123456789'
  const body = `{"error":{"message":"Incorrect API key provided: ${key}.","type":"invalid_request_error","code":"invalid_api_key"}}`
  const { say } = explain({ kind: 'status', status: 401, headers: {}, body, key })
  const got = { status: say.includes('401'), words: say.includes('Incorrect API key provided'), key: say.includes(key) }
  expect(got).toMean(
    { status: true, words: true, key: false },
    { given: say.replaceAll(key, '(the key)'), mistakes: [tellsTheKey] },
  )
})

test('the answer of a proxy is a page, or nothing: that is no reason to fall over', () => {
  const got = ['<html><body>Bad Gateway</body></html>', '', 'null'].map((body) => {
    const failure = before(502, {}, body)
    return outcome(() => ({ retry: verdict(failure).retry, status: explain(failure).say.includes('502') }))
  })
  const right = { retry: true, status: true }
  expect(got).toMean([right, right, right], { mistakes: [bodyIsJson] })
})

test('what a server really sends, in two dialects', async () => {
  explain(before(500)) // not begun? Then there is nothing to ask a server about
  await using simulator = await startSimulator({ tokensPerSecond: 0, words: { min: 8, max: 8 } })
  const faults = [
    'status=auth',
    'status=rate-limit,retry-after=2s',
    'status=quota',
    'status=overloaded',
    'error=overloaded@1',
    'error=overloaded@8',
    'cut=clean@8',
  ]
  const got: Record<string, Verdict[]> = {}
  for (const fault of faults) {
    got[fault] = []
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      got[fault].push(verdict(await failureOf(await ask(`${simulator.url}${path}`, fault))))
    }
  }
  const no = { retry: false }
  const yes = { retry: true }
  expect(got).toMean({
    'status=auth': [no, no],
    'status=rate-limit,retry-after=2s': [
      { retry: true, afterMs: 2000 },
      { retry: true, afterMs: 2000 },
    ],
    'status=quota': [no, no],
    'status=overloaded': [yes, yes],
    'error=overloaded@1': [yes, yes],
    'error=overloaded@8': [no, no],
    'cut=clean@8': [no, no],
  })
})

function before(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '{"error":{"message":"No."}}',
): StreamFailure {
  return { kind: 'status', status, headers, body }
}

function inside(data: string, delivered = ''): StreamFailure {
  return { kind: 'event', data, delivered }
}

/** What the reader is told is looked at by itself. */
function verdict(failure: StreamFailure): Verdict {
  const { retry, afterMs } = explain(failure)
  return { retry, ...(afterMs !== undefined && { afterMs }) }
}

function verdicts(cases: readonly (readonly [string, StreamFailure])[]): Verdicts {
  return Object.fromEntries(cases.map(([name, failure]) => [name, explain(failure).retry]))
}

function outcome<T>(run: () => T): T | string {
  try {
    return run()
  } catch (error) {
    if (error instanceof Error && error.name === 'Todo') throw error
    return `${error}`
  }
}

async function ask(url: string, fault: string): Promise<Response> {
  const messages = [{ role: 'user', content: 'What is the sea?' }]
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-sim-fault': fault },
    body: JSON.stringify({ model: 'simulator', max_tokens: 100, stream: true, messages }),
  })
}

/** What 3.2 to 3.4 make of such an answer: the text so far, and what ended it. */
async function failureOf(response: Response): Promise<StreamFailure> {
  const { status, headers } = response
  const body = new Uint8Array(await response.arrayBuffer())
  if (status !== 200)
    return { kind: 'status', status, headers: Object.fromEntries(headers), body: new TextDecoder().decode(body) }
  let delivered = ''
  let error: string | undefined
  createEventDecoder().push(body, (item) => {
    if (item.kind !== 'event') return
    const json = JSON.parse(item.event.data)
    if (json.error) error = item.event.data
    delivered += json.choices?.[0]?.delta.content ?? json.delta?.text ?? ''
  })
  return error === undefined ? { kind: 'cut', delivered } : { kind: 'event', data: error, delivered }
}
