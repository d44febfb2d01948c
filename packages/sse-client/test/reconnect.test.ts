import { exponentialBackoff } from '@sse-from-scratch/sse-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { retryAfter } from '../src/answer.ts'
import { sleep } from '../src/reconnect.ts'

const after = (attempt: number, reconnectionTime = 3000) => ({ attempt, reconnectionTime })
const least = () => 0
const most = () => 1

describe('exponentialBackoff', () => {
  test('the reconnection time is the least wait (HTML §9.2.3)', () => {
    for (const attempt of [0, 1, 5, 100]) expect(exponentialBackoff(undefined, least)(after(attempt))).toBe(3000)
  })

  test('the most doubles with every failure, up to 30 s', () => {
    const policy = exponentialBackoff(undefined, most)
    const waits = [0, 1, 2, 3, 4, 5, 100, 5000].map((attempt) => policy(after(attempt)))
    expect(waits).toEqual([6000, 6000, 12_000, 24_000, 30_000, 30_000, 30_000, 30_000])
  })

  test('every wait in between is as likely as every other', () => {
    expect(exponentialBackoff(undefined, () => 0.5)(after(2))).toBe(7500)
  })

  test('max bounds the reconnection time too', () => {
    expect(exponentialBackoff(50, least)(after(0))).toBe(50)
    expect(exponentialBackoff(50, most)(after(9))).toBe(50)
    expect(exponentialBackoff(0, most)(after(9))).toBe(0)
  })

  test('a server that asks for more than 30 s gets it', () => {
    expect(exponentialBackoff(undefined, least)(after(0, 60_000))).toBe(60_000)
  })

  test('a server that asks for an immediate return gets it, but not while it is away', () => {
    expect(exponentialBackoff(undefined, most)(after(0, 0))).toBe(0)
    expect(exponentialBackoff(undefined, most)(after(1, 0))).toBe(2000)
    expect(exponentialBackoff(undefined, most)(after(3, 0))).toBe(8000)
  })

  test('no reconnection time and no number of attempts is more than a timer can hold', () => {
    for (const random of [least, most]) {
      for (const attempt of [0, 1, 1e6]) {
        const wait = exponentialBackoff(Number.POSITIVE_INFINITY, random)(after(attempt, 2 ** 31 - 1))
        expect(wait).toBe(2 ** 31 - 1)
      }
    }
  })

  test('Retry-After is obeyed beyond max', () => {
    expect(exponentialBackoff(50, least)({ ...after(1), retryAfter: 90_000 })).toBe(90_000)
    expect(exponentialBackoff(undefined, least)({ ...after(1), retryAfter: 1 })).toBe(3000)
  })

  test.each([-1, Number.NaN])('a max of %d is a RangeError', (max) => {
    expect(() => exponentialBackoff(max)).toThrow(RangeError)
  })
})

describe('Retry-After (RFC 9110 §10.2.3)', () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 0)
  test.each<[string | null, number | undefined]>([
    ['120', 120_000],
    ['0', 0],
    [' 7 ', 7000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['Thursday, 01-Jan-26 12:00:30 GMT', 30_000], // RFC 9110 §5.6.7: recipients MUST accept all three forms
    ['Thu Jan  1 12:00:30 2026', 30_000],
    ['Thu, 01 Jan 2026 12:00:30 CET', undefined],
    ['Thu, 01 Jan 2026 99:00:30 GMT', undefined],
    ['x GMT', undefined],
    ['1 GMT', undefined],
    ['99999999999', 2 ** 31 - 1],
    ['Fri, 01 Jan 2999 12:00:30 GMT', 2 ** 31 - 1],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026-01-01', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(retryAfter({ status: 503, contentType: null, header: () => value }, now)).toBe(expected)
  })
})

describe('sleep', () => {
  afterEach(() => vi.useRealTimers())

  test('a wait longer than a timer can hold does not end at once', async () => {
    vi.useFakeTimers()
    let awake = false
    void sleep(Number.POSITIVE_INFINITY, new AbortController().signal).then(() => {
      awake = true
    })
    await vi.advanceTimersByTimeAsync(2 ** 31 - 2)
    expect(awake).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(awake).toBe(true)
  })

  test('an abort ends it with its reason, and leaves no timer', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const sleeping = sleep(1000, controller.signal)
    controller.abort('up')
    await expect(sleeping).rejects.toBe('up')
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([-1, Number.NaN])('%d is no time', async (milliseconds) => {
    expect(() => sleep(milliseconds, new AbortController().signal)).toThrow(RangeError)
  })
})
