import { chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder } from '@sse-from-scratch/http-raw'
import type { HowItEnded } from './contract.ts'

export const howItEnded: HowItEnded = ({ bytes, said }) => {
  const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
  let isComplete = false
  const look = ({ kind }: { kind: string }) => {
    if (kind === 'end') isComplete = true
  }

  decoder.push(bytes, look)
  if (isComplete) return 'complete' // by its own framing: what became of the connection does not matter any more
  if (said.some(({ event }) => event === 'error')) return 'reset'
  if (!said.some(({ event }) => event === 'end')) return 'idle'
  try {
    decoder.end(look) // FIN: an accident, unless the body ends with the connection
  } catch {
    return 'truncated'
  }
  return isComplete ? 'complete' : 'truncated'
}
