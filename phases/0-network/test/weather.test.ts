import { expect, test } from 'vitest'
import { createFates } from '../demos/weather.ts'

function fates(weather: Parameters<typeof createFates>[0], count: number): string[] {
  const next = createFates(weather)
  return Array.from({ length: count }, next)
}

test('the same seed is the same weather, and another seed another', () => {
  const weather = { seed: 7, drop: 0.2, swap: 0.2 }
  expect(fates(weather, 100)).toEqual(fates(weather, 100))
  expect(fates(weather, 100)).not.toEqual(fates({ ...weather, seed: 8 }, 100))
})

test('about as many are dropped and swapped as was asked for', () => {
  const all = fates({ seed: 1, drop: 0.1, swap: 0.3 }, 10_000)
  expect(all.filter((fate) => fate === 'drop').length).toBeGreaterThan(900)
  expect(all.filter((fate) => fate === 'drop').length).toBeLessThan(1100)
  expect(all.filter((fate) => fate === 'swap').length).toBeGreaterThan(2800)
  expect(all.filter((fate) => fate === 'swap').length).toBeLessThan(3200)
})

test('in good weather everything passes, and in the worst nothing', () => {
  expect(new Set(fates({ seed: 1, drop: 0, swap: 0 }, 1000))).toEqual(new Set(['pass']))
  expect(new Set(fates({ seed: 1, drop: 1, swap: 0 }, 1000))).toEqual(new Set(['drop']))
})
