import { expect, test } from 'vitest'
import { createClock, realClock } from '../src/index.ts'

test('a clock by hand stands until it is told to go on, and wakes sleepers in the order of their times', async () => {
  const clock = createClock()
  const woken: string[] = []
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms)
    woken.push(`${name} at ${clock.now()}`)
  }
  const all = [sleeper('late', 30), sleeper('soon', 10), sleeper('after', 10)]
  expect(clock.sleeping).toEqual([10, 10, 30])
  await clock.advance(29)
  expect(woken).toEqual(['soon at 10', 'after at 10'])
  await clock.advance(1)
  await Promise.all(all)
  expect(woken.at(-1)).toBe('late at 30')
})

test('who sleeps again within the time wakes again within it', async () => {
  const clock = createClock()
  let ticks = 0
  const ticking = (async () => {
    while (ticks < 5) {
      await clock.sleep(10)
      ticks++
    }
  })()
  await clock.advance(35)
  expect(ticks).toBe(3)
  await clock.advance(100)
  await ticking
})

test.each([
  ['by hand', createClock()],
  ['of the machine', realClock],
])('whoever sleeps by the clock %s can be woken by a signal, with its reason', async (_, clock) => {
  const controller = new AbortController()
  const slept = clock.sleep(60_000, controller.signal)
  controller.abort(new Error('enough'))
  await expect(slept).rejects.toThrow('enough')
  await expect(clock.sleep(60_000, controller.signal)).rejects.toThrow('enough')
})

test('nobody sleeps on after being woken', async () => {
  const clock = createClock()
  const controller = new AbortController()
  const slept = clock.sleep(10, controller.signal).catch(() => 'woken')
  controller.abort()
  expect(await slept).toBe('woken')
  expect(clock.sleeping).toEqual([])
})
