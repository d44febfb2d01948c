import type { UntilSentinel } from './contract.ts'

export const untilSentinel: UntilSentinel = async function* (deltas) {
  for await (const delta of deltas) {
    yield delta
    if (delta.kind === 'end') return // the one good way out: it leaves the source, too, however long that would stay open
  }
  // The source has ended, and nobody has said that this was all. That the connection was closed in good order proves nothing.
  throw Object.assign(new Error('the answer ended before its end was said'), { code: 'Truncated' })
}
