import { growthDuring, standstill } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'

const MIB = 1024 * 1024

test('what is held on to counts, in buffers as in the heap', async () => {
  const held: unknown[] = []
  const buffers = await growthDuring(async () => void held.push(new Uint8Array(8 * MIB)))
  expect(buffers).toBeGreaterThan(7 * MIB)
  expect(buffers).toBeLessThan(9 * MIB)
  const objects = await growthDuring(async () => {
    held.push(Array.from({ length: 100_000 }, (_, index) => ({ index })))
  })
  expect(objects).toBeGreaterThan(100_000 * 8)
  expect(held).toHaveLength(2)
})

test('what has been let go does not count, however much it was', async () => {
  const growth = await growthDuring(async () => {
    for (let round = 0; round < 64; round++) {
      const piece = new Uint8Array(4 * MIB)
      piece[round] = 1
      await new Promise(setImmediate)
    }
  })
  expect(growth).toBeLessThan(MIB)
})

test('what goes away meanwhile is less than nothing', async () => {
  let held: Uint8Array | undefined = new Uint8Array(8 * MIB)
  const growth = await growthDuring(async () => {
    expect(held).toHaveLength(8 * MIB)
    held = undefined
  })
  expect(growth).toBeLessThan(-7 * MIB)
})

test('an attack that fails is a failure, and no number', async () => {
  await expect(growthDuring(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom')
})

test('something that moves has not come to a stop', async () => {
  let count = 0
  const moving = setInterval(() => {
    if (++count === 50) clearInterval(moving)
  }, 1)
  await standstill(() => count)
  expect(count).toBe(50)
})
