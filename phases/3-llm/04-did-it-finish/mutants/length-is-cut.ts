import type { UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  for await (const delta of deltas) {
    if (delta.kind === 'stop' && delta.reason === 'length')
      throw Object.assign(new Error('the answer was too long'), { code: 'Truncated' })
    yield delta
    if (delta.kind === 'end') return
  }
  throw Object.assign(new Error('no end'), { code: 'Truncated' })
}
