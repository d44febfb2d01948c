import { chunked } from '@sse-from-scratch/chunked'
import { type BodyLength, responseBodyLength } from '@sse-from-scratch/http-raw'
import type { BodyFraming, Framing } from './contract.ts'

export const bodyFraming: BodyFraming = (head, method) => {
  try {
    return inOurWords(responseBodyLength(head, method, [chunked]))
  } catch (cause) {
    throw Object.assign(new Error((cause as Error).message, { cause }), { code: 'BadFraming' })
  }
}

function inOurWords(length: BodyLength): Framing {
  if (length.kind === 'content-length') return { kind: 'length', bytes: length.length }
  return { kind: length.kind === 'transfer-coding' ? 'chunked' : length.kind }
}
