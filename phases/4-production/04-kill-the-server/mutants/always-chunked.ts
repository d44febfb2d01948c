import { chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder } from '@sse-from-scratch/http-raw'
import type { HowItEnded } from '../contract.ts'

/** Only what says by itself that it is over is complete. */
export const howItEnded: HowItEnded = ({ bytes, said }) => {
  const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
  decoder.push(bytes, () => {})
  if (decoder.state === 'done') return 'complete'
  if (said.some(({ event }) => event === 'error')) return 'reset'
  return said.some(({ event }) => event === 'end') ? 'truncated' : 'idle'
}
