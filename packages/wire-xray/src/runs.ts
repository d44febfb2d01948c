import type { Limits } from '@sse-from-scratch/http-raw'
import { framingRun, isFraming } from './chunks.ts'
import type { Message } from './message.ts'
import { OPENING_SIZE } from './opening.ts'

const LF = 10

/** How many bytes come before anything can change, and the one with which it may: what a decoder can be given at once. */
export function runOf(bytes: Uint8Array, at: number, offset: number, message: Message, limits: Limits): number {
  const { state } = message
  const rest = bytes.length - at
  if (offset < OPENING_SIZE) return 1
  if (state === 'message-body') return rest
  if (state === 'chunk-data') return Math.min(message.left, rest)
  if (state === 'trailer-section') return lineOf(bytes, at, limits.trailerSize - (offset - message.chunks.start))
  if (isFraming(state)) return framingRun(bytes, at, state, offset === message.chunks.start)
  return lineOf(bytes, at, limits.headSize - (offset - message.start))
}

/** A line with its LF, or what there is of it; never so much that it could be too much before its last byte. */
function lineOf(bytes: Uint8Array, at: number, room: number): number {
  const lf = bytes.indexOf(LF, at)
  const size = (lf === -1 ? bytes.length : lf + 1) - at
  return Math.max(1, Math.min(size, room))
}
