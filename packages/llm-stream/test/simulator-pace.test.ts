import { expect, test } from 'vitest'
import { type Clock, createPace } from '../src/simulator/pace.ts'
import { createRandom } from '../src/simulator/random.ts'

const never = new AbortController().signal

/** A clock whose sleepers wake at once, and `late` milliseconds too late. */
function clockThatIs(late: number): Clock & { time: number; turns: number } {
  return {
    time: 0,
    turns: 0,
    now() {
      return this.time
    },
    async sleep(ms) {
      this.turns += 1
      if (ms > 0) this.time += ms + late
    },
  }
}

async function timesOf(due: () => Promise<void>, clock: { time: number }, count: number): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    await due()
    times.push(clock.time)
  }
  return times
}

test('tokens come at their rate, the first after its delay', async () => {
  const clock = clockThatIs(0)
  const due = createPace({ tokensPerSecond: 40, firstTokenDelay: 200, jitter: 0 }, createRandom(1), never, clock)
  expect(await timesOf(due, clock, 4)).toEqual([200, 225, 250, 275])
})

test('the lateness of timers does not add up', async () => {
  const clock = clockThatIs(3)
  const due = createPace({ tokensPerSecond: 100, firstTokenDelay: 0, jitter: 0 }, createRandom(1), never, clock)
  const times = await timesOf(due, clock, 1001)
  expect(times.at(-1)).toBeLessThan(10_000 + 2 * 3)
})

test('a reader that was away does not get all it has missed in one burst', async () => {
  const clock = clockThatIs(0)
  const due = createPace({ tokensPerSecond: 100, firstTokenDelay: 0, jitter: 0 }, createRandom(1), never, clock)
  await due()
  clock.time += 60_000
  const times = await timesOf(due, clock, 20)
  expect(times.filter((time) => time === 60_000).length).toBeLessThan(10)
})

test('jitter varies the pauses and keeps the rate', async () => {
  const clock = clockThatIs(0)
  const due = createPace({ tokensPerSecond: 10, firstTokenDelay: 0, jitter: 0.5 }, createRandom(7), never, clock)
  const times = await timesOf(due, clock, 2001)
  const pauses = times.slice(1).map((time, i) => time - (times[i] ?? 0))
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(50)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(150.001)
  expect(new Set(pauses.map(Math.round)).size).toBeGreaterThan(50)
  expect((times.at(-1) ?? 0) / 2000).toBeCloseTo(100, -1)
})

test.each([0, Number.POSITIVE_INFINITY])(
  'at %d tokens a second nothing is waited for, but others get a turn',
  async (tokensPerSecond) => {
    const clock = clockThatIs(0)
    const due = createPace({ tokensPerSecond, firstTokenDelay: 0, jitter: 1 }, createRandom(1), never, clock)
    const times = await timesOf(due, clock, 320)
    expect(times.at(-1)).toBe(0)
    expect(clock.turns).toBe(10)
  },
)

test('an abort ends the waiting with its reason, and the next wait at once', async () => {
  const gone = new AbortController()
  const due = createPace({ tokensPerSecond: 40, firstTokenDelay: 2 ** 30, jitter: 0 }, createRandom(1), gone.signal)
  const waiting = due()
  gone.abort(new Error('the reader left'))
  await expect(waiting).rejects.toMatchObject({ cause: { message: 'the reader left' } })
  await expect(due()).rejects.toThrow('the reader left')
})

test('a pause longer than any timer is not taken for none', async () => {
  const gone = new AbortController()
  const due = createPace({ tokensPerSecond: 1e-9, firstTokenDelay: 0, jitter: 0 }, createRandom(1), gone.signal)
  await due()
  const second = due().then(() => 'came')
  // A timer for too long would be one for a millisecond, and so fire before this one.
  const first = await Promise.race([second.catch(() => 'aborted'), new Promise((resolve) => setTimeout(resolve, 1))])
  gone.abort()
  expect(first).toBeUndefined()
  await expect(second).rejects.toThrow()
})
