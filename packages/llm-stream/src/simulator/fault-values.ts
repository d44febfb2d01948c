import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import { FAILURE_NAMES, type FailureName } from './failures.ts'
import type { Cut, Place, RetryAfter } from './fault-spec.ts'

// The values a fault can have. Each reader throws a TypeError whose message says what would have been right.

const ENDS = ['fin', 'rst', 'clean'] as const
const INSIDES = ['utf8', 'json', 'chunk-size'] as const
/** Where a fault is that does not say where. */
export const THIRD: Place = { unit: 'event', n: 3 }
export const FIRST: Place = { unit: 'event', n: 1 }

export function cut(value: string | undefined, place: Place | undefined): Cut {
  const words = required(value, 'utf8, json, chunk-size, fin, rst or clean').split('+')
  const known = words.map((each) => oneOf(each, [...INSIDES, ...ENDS]))
  const inside = INSIDES.find((each) => known.includes(each))
  const end = ENDS.find((each) => known.includes(each)) ?? 'fin'
  if (known.length > (inside ? 1 : 0) + (known.some((each) => each === end) ? 1 : 0)) {
    throw new TypeError('one of utf8, json, chunk-size, and one of fin, rst, clean')
  }
  if (end === 'clean' && inside === 'chunk-size') throw new TypeError('nothing ends cleanly inside a chunk-size')
  if (end === 'clean' && place?.unit === 'byte') throw new TypeError('a clean end is at an event, not at a byte')
  if (inside && place?.unit === 'byte') throw new TypeError(`${inside} is looked for from an event on, not from a byte`)
  return { ...(inside && { inside }), end, at: place ?? THIRD }
}

export function failureOrStatus(value: string | undefined): FailureName | number {
  if (/^\d+$/.test(value ?? '')) return wholeNumber(value, 400, 599)
  return oneOf(value, FAILURE_NAMES)
}

export function retryAfter(value: string | undefined): RetryAfter {
  const [, form, amount] = /^(?:(ms|date):)?(.+)$/.exec(required(value, 'a time such as 2s, ms:1500 or date:2s')) ?? []
  const milliseconds = time(amount)
  if (form === undefined) return { form: 'seconds', milliseconds }
  return { form: form === 'ms' ? 'milliseconds' : 'date', milliseconds }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** `800ms`, `2s`, `1m`, or a number of milliseconds. */
export function time(value: string | undefined): number {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(value ?? '') ?? []
  const milliseconds = Number(amount) * (UNITS[unit] ?? 1)
  if (milliseconds <= LONGEST_TIMER) return milliseconds
  throw new TypeError('a time such as 800ms, 2s or 1m')
}

/** A time; without one there is no end. */
export function timeOrForever(value: string | undefined): number {
  return value === undefined ? Number.POSITIVE_INFINITY : time(value)
}

export function interims(value: string | undefined): readonly number[] {
  return required(value, 'statuses such as 100+103')
    .split('+')
    .map((status) => wholeNumber(status, 100, 199, '101'))
}

export function count(value: string | undefined): number {
  return wholeNumber(value, 1, Number.MAX_SAFE_INTEGER)
}

function wholeNumber(value: string | undefined, min: number, max: number, except?: string): number {
  const number = /^\d{1,15}$/.test(value ?? '') && value !== except ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  const most = max === Number.MAX_SAFE_INTEGER ? 'on' : `to ${max}`
  throw new TypeError(`a whole number from ${min} ${most}${except === undefined ? '' : `, but ${except}`}`)
}

/** More than nothing or less than nothing: what is off by nothing is right. */
export function signed(value: string | undefined): number {
  if (/^[+-][1-9]\d{0,8}$/.test(value ?? '')) return Number(value)
  throw new TypeError('a difference such as +5 or -5')
}

export function mediaType(value: string | undefined): string {
  if (/^[\w!#$&^.-]+\/[\w!#$&^.+-]+$/.test(value ?? '')) return value ?? ''
  throw new TypeError('a media type such as text/html')
}

export function oneOf<Name extends string>(value: string | undefined, names: readonly Name[]): Name {
  const found = names.find((name) => name === value)
  if (found !== undefined) return found
  throw new TypeError(`one of ${names.join(', ')}`)
}

export function nothing(value: string | undefined, place: Place): Place {
  if (value === undefined) return place
  throw new TypeError('it has no value (=)')
}

function required(value: string | undefined, expected: string): string {
  if (value !== undefined && value !== '') return value
  throw new TypeError(expected)
}
