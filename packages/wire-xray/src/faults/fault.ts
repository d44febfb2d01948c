import type { FailureName } from '@sse-from-scratch/llm-stream/simulator'

/**
 * A place in what comes down: the n-th event of each answer (counted from 1), behind the n-th byte of the connection, or
 * its n-th read.
 */
export interface Place {
  readonly unit: 'event' | 'byte' | 'read'
  readonly n: number
}

/** One thing that goes wrong on the way down. Times are milliseconds. */
export type Fault =
  // TCP: the bytes are right
  /** At most so many bytes at a time; with `least`, from so many on, at random. */
  | { readonly kind: 'split'; readonly most: number; readonly least?: number }
  /** Everything is late by so much. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'rate'; readonly bytesPerSecond: number }
  /** The connection ends. */
  | { readonly kind: 'cut'; readonly how: 'fin' | 'rst'; readonly at: Place }
  /** Silence; with Infinity, until the client leaves. */
  | { readonly kind: 'stall'; readonly milliseconds: number; readonly at: Place }
  /** FIN after so much silence, once something has come. What the client sends does not break it. */
  | { readonly kind: 'idle'; readonly milliseconds: number }
  /** A corked socket: what comes is sent this long after the first of it, or when the answer is over. */
  | { readonly kind: 'cork'; readonly milliseconds: number }
  /** Bytes are lost: so many of them behind a byte, or one read. */
  | { readonly kind: 'lose'; readonly size: number; readonly at: Place }
  // a hop that reads HTTP
  /** A buffer that is flushed when it is full, and at the end; the head waits for it. Infinity: at the end. */
  | { readonly kind: 'merge'; readonly bytes: number }
  /** Each event, and the head, leaves when the next one comes. */
  | { readonly kind: 'one-behind' }
  /** How a hop writes its chunk-sizes. */
  | { readonly kind: 'chunks'; readonly style: 'upper' | 'padded' }
  /** A server that breaks off looks like one that was done: by FIN, or in any way. */
  | { readonly kind: 'polite'; readonly when: 'fin' | 'any' }
  /** A RST becomes a FIN. */
  | { readonly kind: 'no-rst' }
  // HTTP
  | { readonly kind: 'strip'; readonly what: 'terminator' | 'blank-line' }
  | { readonly kind: 'strip-header'; readonly name: string }
  | { readonly kind: 'http10' }
  | { readonly kind: 'gzip'; readonly flush: boolean }
  // chunks
  | { readonly kind: 'corrupt'; readonly at: Place }
  | { readonly kind: 'size'; readonly by: number; readonly at: Place }
  // events
  | { readonly kind: 'drop'; readonly at: Place }
  | { readonly kind: 'bom' }
  | { readonly kind: 'cr' }
  // what a model says
  | { readonly kind: 'error'; readonly failure: FailureName; readonly at: Place }
  | { readonly kind: 'no-done' }
