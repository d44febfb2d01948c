import { encodeEvent as encode, encodeComment } from '@sse-from-scratch/sse-server'
import type { EncodeEvent } from './contract.ts'

const utf8 = new TextDecoder()

export const encodeEvent: EncodeEvent = ({ comment, ...event }) => {
  const fields = utf8.decode(encode(event).bytes)
  if (comment === undefined) return fields
  return utf8.decode(encodeComment(comment).bytes).slice(0, -1) + fields // one empty line for both
}
