import type { WithIdleTimeout } from '../contract.ts'

/** Looks at the clock when the answer is there. */
export const withIdleTimeout: WithIdleTimeout = async function* (source, ms, clock) {
  let asked = clock.now()
  for await (const item of source) {
    if (clock.now() - asked > ms) throw Object.assign(new Error('too late'), { code: 'IDLE' })
    yield item
    asked = clock.now()
  }
}
