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

/**
 * Reads `x-ratelimit-*` (OpenAI and those who follow it, OpenRouter) and `anthropic-ratelimit-*`.
 * A time of day is measured against the response's own `Date`: our clock may be wrong, the two of theirs agree.
 */
export function readRateLimit(header: HeaderLookup, now: number = Date.now()): RateLimit | undefined {
  const sent = sentAt(header, now)
  const windows = {
    ...windowOf('requests', header, 'requests', sent),
    ...windowOf('tokens', header, 'tokens', sent),
    ...windowOf('inputTokens', header, 'input-tokens', sent),
    ...windowOf('outputTokens', header, 'output-tokens', sent),
  }
  return Object.keys(windows).length > 0 ? windows : undefined
}

function windowOf(key: keyof RateLimit, header: HeaderLookup, what: string, now: number): RateLimit {
  const value = (field: string) =>
    header(`x-ratelimit-${field}-${what}`) ??
    header(`anthropic-ratelimit-${what}-${field}`) ??
    (what === 'requests' ? header(`x-ratelimit-${field}`) : undefined) // OpenRouter has only one, and it is of requests
  const window = {
    ...number('limit', value('limit')),
    ...number('remaining', value('remaining')),
    ...number('resetAfter', resetIn(value('reset'), now)),
  }
  return Object.keys(window).length > 0 ? { [key]: window } : {}
}

function number(key: keyof RateLimitWindow, value: string | number | undefined): RateLimitWindow {
  const parsed = value === undefined || value === '' ? Number.NaN : Number(value)
  return parsed >= 0 && Number.isFinite(parsed) ? { [key]: parsed } : {} // Azure answers -1 where it does not know
}

const SECOND = 1000
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3, // how Go writes it, as HTTP's Latin-1 has it
  ms: 1,
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
}
const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|\u00b5s|ms|[hms]))+$/
const PARTS = /([\d.]+)(ns|us|\u00b5s|ms|[hms])/g
/** RFC 3339 §5.6. `Date.parse` alone finds a date in `-1`. */
const TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/
/** A number this large is no time to wait: it is a moment, in seconds or in milliseconds since 1970. */
const MOMENT = 1e9
const MOMENT_IN_MS = 1e11

/** Milliseconds from "12ms", "1m12.5s", plain seconds, a moment as a number, or a time of day (RFC 3339). */
function resetIn(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+(?:\.\d+)?$/.test(value)) return secondsOrMoment(Number(value), now)
  if (DURATION.test(value)) {
    let sum = 0
    for (const [, amount, unit] of value.matchAll(PARTS)) sum += Number(amount) * (units[unit ?? ''] ?? 0)
    return sum
  }
  const time = TIME.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : Math.max(0, time - now)
}

function secondsOrMoment(value: number, now: number): number {
  if (value < MOMENT) return value * SECOND
  return Math.max(0, (value < MOMENT_IN_MS ? value * SECOND : value) - now)
}

/** When the response was made, by the clock of its maker (RFC 9110 §6.6.1). */
function sentAt(header: HeaderLookup, now: number): number {
  const date = Date.parse(header('date') ?? '')
  return Number.isNaN(date) ? now : date
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
  return Number.isNaN(until) ? undefined : Math.max(0, until - sentAt(header, now))
}

/** A `google.protobuf.Duration` as its JSON has it, such as `34.5s`: the delay in the body of Gemini's errors. */
export function readDuration(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined
  return seconds === undefined ? undefined : Number(seconds) * SECOND
}

function delay(value: string | undefined): number | undefined {
  return value !== undefined && /^[0-9]+(?:\.[0-9]+)?$/.test(value.trim()) ? Number(value) : undefined
}
