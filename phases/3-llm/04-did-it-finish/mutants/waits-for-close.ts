import type { UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  let ended = false
  for await (const delta of deltas) {
    if (!ended) yield delta
    if (delta.kind === 'end') ended = true
  }
  if (!ended) throw Object.assign(new Error('no end'), { code: 'Truncated' })
}
