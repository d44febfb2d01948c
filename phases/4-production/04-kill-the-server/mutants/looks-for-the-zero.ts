import { asText } from '@sse-from-scratch/course'
import type { HowItEnded } from '../contract.ts'
import { howItEnded as right } from '../solution.ts'

export const howItEnded: HowItEnded = (trace) => {
  const text = asText(trace.bytes)
  if (!/^transfer-encoding: chunked\r$/im.test(text)) return right(trace)
  if (text.endsWith('0\r\n\r\n')) return 'complete'
  return right({ ...trace, bytes: trace.bytes.subarray(0, text.indexOf('\r\n\r\n') + 4) })
}
