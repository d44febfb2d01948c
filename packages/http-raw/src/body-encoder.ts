import type { BodyEncoder } from './body.ts'

/**
 * Writes the bytes as they are: what both framings above look like from the sending side.
 *
 * A `TypeError` for a byte more than `length`, before it leaves, or for an end before it. Trailers are dropped: only a
 * transfer coding has a place for them, and they are never needed to understand a message (RFC 9110 §6.5).
 */
export function createIdentityEncoder(length: number = Number.POSITIVE_INFINITY): BodyEncoder {
  let left = length
  return {
    encode(data) {
      if (data.length > left) throw new TypeError(`the body is longer than its Content-Length of ${length}`)
      left -= data.length
      return [data]
    },
    end() {
      if (left > 0 && left !== Number.POSITIVE_INFINITY) {
        throw new TypeError(`the body is ${left} bytes shorter than its Content-Length of ${length}`)
      }
      return []
    },
  }
}

/** Writes nothing: the answer to HEAD is made like the answer to GET, and its body stays here (RFC 9110 §9.3.2). */
export function createDiscardingEncoder(): BodyEncoder {
  return { encode: () => [], end: () => [] }
}
