import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWaitTimer } from '../src/wait-timer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a wait that takes too long is told, once', () => {
  const timer = createWaitTimer()
  const late = vi.fn()
  timer.start(100, late)
  vi.advanceTimersByTime(99)
  expect(late).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1000)
  expect(late).toHaveBeenCalledOnce()
})

test('a wait that has ended is never told', () => {
  const timer = createWaitTimer()
  const late = vi.fn()
  timer.start(100, late)
  vi.advanceTimersByTime(99)
  timer.stop()
  vi.advanceTimersByTime(1000)
  expect(late).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

test('each wait has all of its time, whatever was waited for before, and all share one timer', () => {
  const timer = createWaitTimer()
  const told: string[] = []
  for (const time of [100, 1000, 50, 100]) {
    timer.start(time, () => told.push(`${time}`))
    vi.advanceTimersByTime(40)
    expect(vi.getTimerCount()).toBe(1)
    timer.stop()
  }
  timer.start(70, () => told.push('late'))
  vi.advanceTimersByTime(69)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual(['late'])
})

test('a short wait after a long one is told in its time', () => {
  const timer = createWaitTimer()
  const late = vi.fn()
  timer.start(1000, () => {})
  timer.stop()
  timer.start(50, late)
  vi.advanceTimersByTime(50)
  expect(late).toHaveBeenCalledOnce()
  expect(vi.getTimerCount()).toBe(0)
})

test('a wait longer than a timer of Node can hold is not told at once', () => {
  const timer = createWaitTimer()
  const late = vi.fn()
  timer.start(2 ** 32, late)
  vi.advanceTimersByTime(2 ** 31)
  expect(late).not.toHaveBeenCalled()
  vi.advanceTimersByTime(2 ** 31)
  expect(late).toHaveBeenCalledOnce()
})

test.each([0, Number.POSITIVE_INFINITY])('%s is for ever', (time) => {
  createWaitTimer().start(time, () => {})
  expect(vi.getTimerCount()).toBe(0)
})

test('what is cancelled leaves no timer, and can be started again', () => {
  const timer = createWaitTimer()
  const late = vi.fn()
  timer.start(100, late)
  timer.cancel()
  expect(vi.getTimerCount()).toBe(0)
  timer.start(200, late)
  vi.advanceTimersByTime(200)
  expect(late).toHaveBeenCalledOnce()
})
