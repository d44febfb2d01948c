import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Alarm } from '../src/alarm.ts'

const TIME = 1000
let rung = 0
let alarm: Alarm

beforeEach(() => {
  vi.useFakeTimers()
  rung = 0
  alarm = new Alarm(TIME, () => rung++)
})
afterEach(() => {
  vi.useRealTimers()
})

/** When it has rung, in milliseconds from now. */
function timeUntilItRings(): number {
  const before = rung
  for (let time = 0; time <= 2 * TIME; time += 10) {
    if (rung > before) return time
    vi.advanceTimersByTime(10)
  }
  return Number.POSITIVE_INFINITY
}

test('an alarm rings once, not before its time is over, and a quarter late at most', () => {
  alarm.start()
  const time = timeUntilItRings()
  expect([time >= TIME, time <= 1.25 * TIME]).toEqual([true, true])
  expect(timeUntilItRings()).toBe(Number.POSITIVE_INFINITY)
})

test('an alarm that is started again counts from then on', () => {
  for (let wait = 0; wait < 5; wait++) {
    alarm.start()
    vi.advanceTimersByTime(0.9 * TIME)
    alarm.stop()
  }
  alarm.start()
  const time = timeUntilItRings()
  expect([time >= TIME, time <= 1.25 * TIME]).toEqual([true, true])
})

test('an alarm that is stopped does not ring, and after a while looks no more, until it is started', () => {
  alarm.start()
  vi.advanceTimersByTime(TIME / 2)
  alarm.stop()
  vi.advanceTimersByTime(2 * TIME)
  expect([rung, vi.getTimerCount()]).toEqual([0, 0])
  alarm.start()
  expect(timeUntilItRings()).toBeLessThanOrEqual(1.25 * TIME)
})

test('an alarm that is cancelled leaves no timer, and one without a time has none', () => {
  alarm.start()
  alarm.cancel()
  new Alarm(0, () => rung++).start()
  expect([timeUntilItRings(), vi.getTimerCount()]).toEqual([Number.POSITIVE_INFINITY, 0])
})
