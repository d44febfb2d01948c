import { expect, test } from 'vitest'
import { startHouse } from './house.ts'

test('the x-ray of the playground shows both streams of an answer', async () => {
  await using house = await startHouse({ words: { min: 5, max: 5 } })
  await (await fetch(`${house.url}/events?prompt=hello`)).text()
  const { url } = await fetch(`${house.url}/xray`)
  const shown: unknown = await (await fetch(new URL('/exchanges', url))).json()
  const { exchanges, taps } = shown as { exchanges: { counts: { event: number } }[]; taps: string[] }
  expect(taps).toEqual(['to this page', 'of the model'])
  expect(exchanges).toMatchObject([
    { tap: 0, method: 'GET', target: expect.stringContaining('/events'), status: '200 OK' },
    { tap: 1, method: 'POST', status: '200 OK', end: { kind: 'complete' } },
  ])
  for (const { counts } of exchanges) expect(counts.event).toBeGreaterThan(4)
})
