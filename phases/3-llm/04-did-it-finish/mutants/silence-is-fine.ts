import type { UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  let begun = false
  for await (const delta of deltas) {
    begun = true
    yield delta
    if (delta.kind === 'end') return
  }
  if (begun) throw Object.assign(new Error('no end'), { code: 'Truncated' })
}
