import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { soak } from './soak/soak.ts'

// The long one, with a thousand clients, is `npm run soak`.
describe('fifty clients, behind cuts at any byte, stalls, drips and a server that restarts', () => {
  test('each hear every event once and in order', async () => {
    const report = await soak({
      clients: 50,
      seed: 1,
      idleTimeout: 500,
      retry: 5,
      next: async ({ published }) => {
        await setImmediate()
        return published < 250
      },
    })
    expect(report.slowest).toBe(report.published)
    expect(report.delivered).toBe(50 * report.published)
    expect(report.gaps).toBe(0)
    expect(report.restarts).toBeGreaterThan(0)
    expect(report.opened).toBeGreaterThan(2 * 50) // or the weather was too good
    expect(Math.min(report.resets, report.ends, report.stalls, report.drips)).toBeGreaterThan(0)
  }, 600_000)
})
