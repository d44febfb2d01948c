import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { type BodyDecoder, type BodyEvent, bodyTooLarge } from './body.ts'
import type { BodyLength } from './body-length.ts'
import { HttpError } from './errors.ts'
import { type Limits, NO_LIMITS } from './limits.ts'

/** The decoder for a body of which the head has said how long it is. */
export function createBodyDecoder(length: BodyLength, limits: Limits): BodyDecoder {
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
  return new LengthDecoder(length)
}

class LengthDecoder implements Decoder<BodyEvent> {
  readonly #length: number
  #left: number
  #done: boolean = false

  constructor(length: number) {
    this.#length = length
    this.#left = length
  }

  get state(): string {
    return this.#done ? 'done' : 'message-body'
  }

  push(bytes: Uint8Array, emit: (event: BodyEvent) => void): number {
    if (this.#done) return 0
    const data = bytes.length <= this.#left ? bytes : bytes.subarray(0, this.#left)
    this.#left -= data.length
    if (data.length > 0) emit({ kind: 'data', data })
    if (this.#left === 0) {
      this.#done = true
      emit({ kind: 'end' })
    }
    return data.length
  }

  end(): void {
    if (this.#left === 0) return
    throw new HttpError('HTTP_INCOMPLETE', `the body is ${this.#left} of ${this.#length} bytes short`)
  }
}

/** A body that ends when the connection does (RFC 9112 §6.3 rule 8). It cannot tell the end from an accident. */
export function createUntilCloseDecoder(limits: Limits = NO_LIMITS): Decoder<BodyEvent> {
  return new UntilCloseDecoder(limits.bodySize)
}

class UntilCloseDecoder implements Decoder<BodyEvent> {
  readonly #most: number
  #taken = 0
  #done: boolean = false

  constructor(most: number) {
    this.#most = most
  }

  get state(): string {
    return this.#done ? 'done' : 'message-body'
  }

  push(data: Uint8Array, emit: (event: BodyEvent) => void): number {
    const allowed = data.subarray(0, this.#most - this.#taken)
    this.#taken += allowed.length
    if (allowed.length > 0) emit({ kind: 'data', data: allowed })
    if (allowed.length < data.length) throw bodyTooLarge(this.#most) // where, no matter how it was cut
    return data.length
  }

  end(emit: (event: BodyEvent) => void): void {
    if (this.#done) return
    this.#done = true
    emit({ kind: 'end' })
  }
}
