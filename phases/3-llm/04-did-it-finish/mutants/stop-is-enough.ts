import type { UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  let stopped = false
  for await (const delta of deltas) {
    yield delta
    if (delta.kind === 'end') return
    if (delta.kind === 'stop') stopped = true
  }
  if (!stopped) throw Object.assign(new Error('no stop'), { code: 'Truncated' })
}
