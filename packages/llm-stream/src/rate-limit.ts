/** How a response header is looked up: by name in any case, `undefined` if it is not there. */
export type HeaderLookup = (name: string) => string | undefined

/** One allowance. All members are optional: providers say what they like to say. */
export interface RateLimitWindow {
  readonly limit?: number
  readonly remaining?: number
  /** Milliseconds until the allowance is full again. */
  readonly resetAfter?: number
}

/** What the response's headers said about limits. */
export interface RateLimit {
  readonly requests?: RateLimitWindow
  readonly tokens?: RateLimitWindow
  readonly inputTokens?: RateLimitWindow
  readonly outputTokens?: RateLimitWindow
}

/** Reads `x-ratelimit-*` (OpenAI and those who follow it) and `anthropic-ratelimit-*`. */
export function readRateLimit(header: HeaderLookup, now: number = Date.now()): RateLimit | undefined {
  const windows = {
    ...windowOf('requests', header, 'requests', now),
    ...windowOf('tokens', header, 'tokens', now),
    ...windowOf('inputTokens', header, 'input-tokens', now),
    ...windowOf('outputTokens', header, 'output-tokens', now),
  }
  return Object.keys(windows).length > 0 ? windows : undefined
}

function windowOf(key: keyof RateLimit, header: HeaderLookup, what: string, now: number): RateLimit {
  const value = (field: string) =>
    header(`x-ratelimit-${field}-${what}`) ?? header(`anthropic-ratelimit-${what}-${field}`)
  const window = {
    ...number('limit', value('limit')),
    ...number('remaining', value('remaining')),
    ...number('resetAfter', resetIn(value('reset'), now)),
  }
  return Object.keys(window).length > 0 ? { [key]: window } : {}
}

function number(key: keyof RateLimitWindow, value: string | number | undefined): RateLimitWindow {
  const parsed = value === undefined || value === '' ? Number.NaN : Number(value)
  return parsed >= 0 ? { [key]: parsed } : {} // Azure answers -1 where it does not know
}

const SECOND = 1000
const units: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: 60 * SECOND, h: 3600 * SECOND }

/** Milliseconds from "12ms", "1m12.5s", plain seconds, or a time of day (RFC 3339). */
function resetIn(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^[0-9.]+$/.test(value)) return Number(value) * SECOND
  if (/^(?:[0-9.]+(?:ms|[hms]))+$/.test(value)) {
    let sum = 0
    for (const [, amount, unit] of value.matchAll(/([0-9.]+)(ms|[hms])/g))
      sum += Number(amount) * (units[unit ?? ''] ?? 0)
    return sum
  }
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : Math.max(0, time - now)
}

/**
 * Milliseconds the provider wants us to wait: `retry-after-ms`, else `Retry-After` (RFC 9110 §10.2.3).
 * A date is measured against the response's own `Date`: our clock may be wrong, the two of theirs agree.
 */
export function readRetryAfter(header: HeaderLookup, now: number = Date.now()): number | undefined {
  const milliseconds = delay(header('retry-after-ms'))
  if (milliseconds !== undefined) return milliseconds
  const value = header('retry-after')
  const seconds = delay(value)
  if (value === undefined || seconds !== undefined) return seconds && seconds * SECOND
  const until = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN // V8 finds a year in a bare number
  const sent = Date.parse(header('date') ?? '')
  return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(sent) ? now : sent))
}

function delay(value: string | undefined): number | undefined {
  return value !== undefined && /^[0-9]+(?:\.[0-9]+)?$/.test(value.trim()) ? Number(value) : undefined
}
