import { expect, test } from 'vitest'
import { createAllowance } from '../src/simulator/rate-limit.ts'
import { OPENAI, post, startFast } from './simulator-client.ts'

test('what is taken is gone, and comes back over a minute', () => {
  const allowance = createAllowance(600)
  expect(allowance.take(100, 0)).toEqual({ limit: 600, remaining: 500, reset: 10_000 })
  expect(allowance.take(0, 4000)).toEqual({ limit: 600, remaining: 540, reset: 10_000 })
  expect(allowance.take(0, 60_000)).toEqual({ limit: 600, remaining: 600, reset: 60_000 })
})

test('nothing is ever less than nothing, nor more than the limit', () => {
  const allowance = createAllowance(600)
  expect(allowance.take(10_000, 1000)).toEqual({ limit: 600, remaining: 0, reset: 61_000 })
  expect(allowance.take(0, 0)).toMatchObject({ remaining: 0 }) // a clock may go back
  expect(allowance.take(0, 1e12)).toMatchObject({ remaining: 600 })
})

test('durations are written as the service writes them', async () => {
  let limit = 0
  await using simulator = await startFast({ now: () => 0 })
  const resets: (string | null)[] = []
  for (const words of [1, 50_000, 1_000_000]) {
    const content = 'word '.repeat(words)
    const { headers } = await post(simulator.url + OPENAI, {
      model: 'm',
      max_tokens: 1,
      messages: [{ role: 'user', content }],
    })
    resets.push(headers.get('x-ratelimit-reset-tokens'))
    limit = Number(headers.get('x-ratelimit-limit-tokens'))
  }
  expect(limit).toBe(2_000_000)
  expect(resets).toEqual([
    expect.stringMatching(/^\d+ms$/),
    expect.stringMatching(/^1\.\d+s$/),
    expect.stringMatching(/^\d\d\.\d+s$/),
  ])
})
