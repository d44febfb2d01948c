import type { UntilSentinel } from '../contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  const source = deltas[Symbol.asyncIterator]()
  for (;;) {
    const { value: delta, done } = await source.next()
    if (done) throw Object.assign(new Error('no end'), { code: 'Truncated' })
    yield delta
    if (delta.kind === 'end') return
  }
}
