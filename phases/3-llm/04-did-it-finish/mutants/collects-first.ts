import type { Delta, UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  const all: Delta[] = []
  for await (const delta of deltas) {
    all.push(delta)
    if (delta.kind === 'end') break
  }
  if (all.at(-1)?.kind !== 'end') throw Object.assign(new Error('no end'), { code: 'Truncated' })
  yield* all
}
