import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { type BodyEvent, bodyTooLarge } from './body.ts'
import type { BodyLength } from './body-length.ts'
import { HttpError } from './errors.ts'
import { type Limits, NO_LIMITS } from './limits.ts'

/** The decoder for a body of which the head has said how long it is. */
export function createBodyDecoder(length: BodyLength, limits: Limits): Decoder<BodyEvent> {
  switch (length.kind) {
    case 'none':
      return createLengthDecoder(0)
    case 'content-length':
      return createLengthDecoder(length.length, limits)
    case 'until-close':
      return createUntilCloseDecoder(limits)
    case 'transfer-coding':
      return length.coding.createDecoder(limits)
  }
}

/** A body of exactly `length` bytes (RFC 9112 §6.2). Throws `HTTP_BODY_TOO_LARGE` at once, before the first of them. */
export function createLengthDecoder(length: number, limits: Limits = NO_LIMITS): Decoder<BodyEvent> {
  if (length > limits.bodySize) throw bodyTooLarge(limits.bodySize)
  let left = length
  let done = false
  return {
    get state() {
      return done ? 'done' : 'message-body'
    },
    push(bytes, emit) {
      if (done) return 0
      const data = bytes.subarray(0, left)
      left -= data.length
      if (data.length > 0) emit({ kind: 'data', data })
      if (left === 0) {
        done = true
        emit({ kind: 'end' })
      }
      return data.length
    },
    end() {
      if (left > 0) throw new HttpError('HTTP_INCOMPLETE', `the body is ${left} of ${length} bytes short`)
    },
  }
}

/** A body that ends when the connection does (RFC 9112 §6.3 rule 8). It cannot tell the end from an accident. */
export function createUntilCloseDecoder(limits: Limits = NO_LIMITS): Decoder<BodyEvent> {
  let taken = 0
  let done = false
  return {
    get state() {
      return done ? 'done' : 'message-body'
    },
    push(data, emit) {
      const allowed = data.subarray(0, limits.bodySize - taken)
      taken += allowed.length
      if (allowed.length > 0) emit({ kind: 'data', data: allowed })
      if (allowed.length < data.length) throw bodyTooLarge(limits.bodySize) // where, no matter how it was cut
      return data.length
    },
    end(emit) {
      if (done) return
      done = true
      emit({ kind: 'end' })
    },
  }
}
