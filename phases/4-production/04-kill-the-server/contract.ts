/**
 * Says how the answer to a GET ended, from what came and from what the socket said.
 *
 * ```text
 * what came                                        then           it was
 * head, 5␍␊hello␍␊, 0␍␊␍␊                          anything       'complete'     the last chunk was there
 * head, 5␍␊hello␍␊                                 end            'truncated'    FIN, but no last chunk
 * head, 5␍␊hel                                     end            'truncated'
 * head, 5␍␊hello␍␊                                 error          'reset'        RST, or whatever else broke it
 * head, 5␍␊hello␍␊                                 nothing more   'idle'         only a timer has ended the wait
 * ```
 *
 * What ends the body, the head says (RFC 9112 §6.3): so many bytes, the last chunk, or the connection. With the last of these, an
 * `end` is the end, and nobody can know better.
 */
export type HowItEnded = (trace: Trace) => Ending

export type Ending = 'complete' | 'truncated' | 'reset' | 'idle'

/** All that a client knows about an answer. */
export interface Trace {
  /** Every byte, from the status line on. */
  readonly bytes: Uint8Array
  /** What the socket said behind them, in this order. */
  readonly said: readonly Said[]
}

/** An event of a socket of node:net. */
export type Said =
  /** FIN: the other side sends nothing more. */
  | { readonly event: 'end' }
  /** The connection is broken. */
  | { readonly event: 'error'; readonly code: string }
  /** Nothing came for so long that we gave up. */
  | { readonly event: 'timeout' }
  /** Both directions are closed. */
  | { readonly event: 'close'; readonly hadError: boolean }
