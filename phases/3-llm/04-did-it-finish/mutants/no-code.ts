import type { UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  for await (const delta of deltas) {
    yield delta
    if (delta.kind === 'end') return
  }
  throw new Error('Truncated')
}
