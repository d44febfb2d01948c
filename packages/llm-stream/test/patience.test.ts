import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LlmError } from '../src/errors.ts'
import { createPatience, type Patience } from '../src/patience.ts'
import type { Timeouts } from '../src/timeouts.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const after = (milliseconds: number) => () => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** What runs out ends the wait, as it does for an answer. */
function patienceWith(timeouts: Timeouts): Patience {
  const patience: Patience = createPatience(timeouts, (error) => patience.interrupt(error))
  return patience
}

/** Waits so long each time; the limit that ran out, if any. */
async function waits(patience: Patience, ...times: readonly number[]): Promise<string | undefined> {
  const all = (async () => {
    for (const time of times) await patience.during(after(time))
  })()
  const ended = all.then(
    () => undefined,
    (error: LlmError) => error.message,
  )
  await vi.advanceTimersByTimeAsync(times.reduce((sum, time) => sum + time, 0))
  return ended
}

test('a limit that begins anew with each of a thousand reads sets one timer', async () => {
  const patience = patienceWith({ idle: 5000, progress: 9000 })
  patience.start('progress')
  const set = vi.spyOn(globalThis, 'setTimeout')
  for (let read = 0; read < 1000; read++) {
    await patience.during(async () => {})
    patience.start('idle')
    patience.start('progress')
  }
  expect(set.mock.calls.length).toBe(2) // for progress, then for idle, which ends before
  set.mockRestore()
})

test.each([
  ['one wait as long as the limit', [100], 'not a byte for 100 ms (timeouts.idle)'],
  ['one that is shorter', [99], undefined],
  ['two that are longer together', [60, 60], 'not a byte for 100 ms (timeouts.idle)'],
  ['two that are shorter together', [60, 30], undefined],
])('a limit of 100 ms and %s', async (_, times, message) => {
  const patience = patienceWith({ idle: 100 })
  patience.start('idle')
  expect(await waits(patience, ...times)).toBe(message)
})

test('what begins anew has its whole time again, and the shorter of two limits still goes first', async () => {
  const patience = patienceWith({ idle: 100, progress: 250 })
  patience.start('progress')
  for (let read = 0; read < 3; read++) {
    patience.start('idle')
    const ended = await waits(patience, 80)
    expect(ended).toBe(undefined)
  }
  patience.start('idle')
  expect(await waits(patience, 80)).toBe('bytes, but no token for 250 ms (timeouts.progress)')
})

test('a limit that is begun while another one runs goes off before it, if it is shorter', async () => {
  const patience = patienceWith({ connect: 1000, headers: 50 })
  patience.start('connect')
  const ended = waits(patience, 900)
  patience.stop('connect')
  patience.start('headers')
  expect(await ended).toBe('no response for 50 ms (timeouts.headers)')
})

test('who takes its time between two waits loses nothing by it', async () => {
  const patience = patienceWith({ idle: 100 })
  patience.start('idle')
  expect(await waits(patience, 50)).toBe(undefined)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(vi.getTimerCount()).toBe(0)
  expect(await waits(patience, 40)).toBe(undefined)
  expect(await waits(patience, 40)).toBe('not a byte for 100 ms (timeouts.idle)')
})

test('nothing is left that keeps a process when nothing is waited for any more', async () => {
  const patience = patienceWith({ idle: 100 })
  patience.start('idle')
  await waits(patience, 10)
  patience.start('idle')
  const last = patience.during(() => new Promise(() => {}))
  expect(vi.getTimerCount()).toBe(1)
  patience.end()
  patience.start('progress')
  expect(vi.getTimerCount()).toBe(0)
  void last
})
