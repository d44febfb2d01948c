import { isDeepStrictEqual } from 'node:util'
import { expect as vitest } from 'vitest'
import { asBytes } from './bytes.ts'
import { showDifference } from './difference.ts'
import { failureText } from './failure.ts'
import { type Mistake, whyOf } from './mistake.ts'
import type { Grammar } from './show.ts'
import { Todo } from './todo.ts'
import { showValue } from './value.ts'

/** What a failure may say beyond the difference. */
export interface Explanation<Got> {
  /** Wrong answers to look for, the most telling one first. */
  readonly mistakes?: readonly Mistake<Got>[]
}

/** How values are explained. */
export interface ValueExplanation<Got> extends Explanation<Got> {
  /** What went in, to be shown above what came out. */
  readonly given?: unknown
}

/** How bytes are explained. */
export interface BytesExplanation extends Explanation<Uint8Array> {
  /** What the bytes are, so that their parts can be named. Default `message`: a request or response from its first byte on. */
  readonly as?: Grammar
}

interface CourseMatchers<R> {
  /** These bytes, and no others. A text stands for its UTF-8. */
  toBeBytes(expected: string | Uint8Array, explanation?: BytesExplanation): R
  /** The same value, however it was made: fields, elements and bytes alike. */
  toMean<Got>(expected: Got, explanation?: ValueExplanation<Got>): R
  /** A function that throws, or a promise that rejects, with an error (and this `code`, if one is named). */
  toRefuse(code?: string, explanation?: Explanation<unknown>): R extends void ? Promise<void> : R
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Assertion<T = any> extends CourseMatchers<void> {}
}

interface Outcome {
  readonly pass: boolean
  readonly message: () => string
}

vitest.extend({
  toBeBytes(
    got: unknown,
    expected: string | Uint8Array,
    { as = 'message', mistakes = [] }: BytesExplanation = {},
  ): Outcome {
    if (!(got instanceof Uint8Array)) return wrong(`expected bytes (a Uint8Array), got ${showValue(got)}`)
    const wanted = asBytes(expected)
    if (Buffer.compare(got, wanted) === 0) return RIGHT
    return wrong(showDifference(wanted, got, as), whyOf(mistakes, got))
  },
  toMean<Got>(got: Got, expected: Got, { given, mistakes = [] }: ValueExplanation<Got> = {}): Outcome {
    if (isDeepStrictEqual(plain(got), plain(expected))) return RIGHT
    const input = given === undefined ? '' : `given     ${showValue(given)}\n`
    return wrong(`${input}expected  ${showValue(expected)}\ngot       ${showValue(got)}`, whyOf(mistakes, got))
  },
  async toRefuse(got: unknown, code?: string, { mistakes = [] }: Explanation<unknown> = {}): Promise<Outcome> {
    const what = code === undefined ? 'an error' : `an error with the code ${code}`
    const end = await endOf(got)
    if (end.kind === 'value') return wrong(`expected ${what}, got ${showValue(end.value)}`, whyOf(mistakes, end.value))
    if (end.error instanceof Todo) throw end.error // not begun is no refusal
    const seen = codeOf(end.error)
    if (end.error instanceof Error && (code === undefined || seen === code)) return RIGHT
    return wrong(`expected ${what}, got ${showError(end.error)}`, whyOf(mistakes, end.error))
  },
})

/** Vitest's `expect`, with the matchers of the course. */
export const expect: typeof vitest = vitest

const RIGHT: Outcome = { pass: true, message: () => 'expected it not to be so' }

function wrong(...parts: readonly (string | undefined)[]): Outcome {
  return { pass: false, message: () => failureText(...parts) }
}

type End = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'error'; readonly error: unknown }

async function endOf(got: unknown): Promise<End> {
  try {
    return { kind: 'value', value: await (typeof got === 'function' ? got() : got) }
  } catch (error) {
    return { kind: 'error', error }
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}

function showError(error: unknown): string {
  if (!(error instanceof Error)) return `${showValue(error)} thrown, which is no Error`
  const code = codeOf(error)
  return `${error.name}${code === undefined ? '' : ` ${code}`}: ${error.message}`
}

/** Without prototypes, and with plain bytes: what a value means does not depend on how it was made. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return new Map([...value].map(([key, held]) => [plain(key), plain(held)]))
  if (value === null || typeof value !== 'object' || value instanceof Error) return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]))
}
