import type { UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  try {
    for await (const delta of deltas) {
      yield delta
      if (delta.kind === 'end') return
    }
  } catch {
    // whatever it was, the answer is cut
  }
  throw Object.assign(new Error('no end'), { code: 'Truncated' })
}
