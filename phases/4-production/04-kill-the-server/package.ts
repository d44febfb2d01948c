import { ChunkedError, chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder, HttpError } from '@sse-from-scratch/http-raw'
import type { HowItEnded } from './contract.ts'

const CUT = new Set(['HTTP_INCOMPLETE', 'CHUNKED_INCOMPLETE']) // what its client throws for a body that FIN cut short

export const howItEnded: HowItEnded = ({ bytes, said }) => {
  const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
  decoder.push(bytes, () => {})
  if (decoder.state === 'done') return 'complete'
  if (said.some(({ event }) => event === 'error')) return 'reset'
  if (said.every(({ event }) => event !== 'end')) return 'idle'
  try {
    decoder.end(() => {})
    return 'complete'
  } catch (error) {
    if ((error instanceof HttpError || error instanceof ChunkedError) && CUT.has(error.code)) return 'truncated'
    throw error
  }
}
