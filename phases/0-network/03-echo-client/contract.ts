/** How long to wait. */
export interface EchoOnceOptions {
  /** Milliseconds for the whole conversation, connecting included. Default 2,000. */
  readonly timeoutMs?: number
}

/**
 * Sends a message to an echo server on 127.0.0.1, and returns what comes back.
 *
 * ```text
 * you                                   server
 *   ── SYN ───────────────────────────▶
 *   ── the message ───────────────────▶
 *   ── FIN ───────────────────────────▶   "that was all": otherwise nobody knows where it ends
 *   ◀──────────── the message, in any number of reads
 *   ◀───────────────────────────── FIN    now you have it all
 * ```
 *
 * The socket is closed when this is over, however it ends.
 *
 * @throws Error with the code `ECONNREFUSED`, as the system gives it, when nobody listens there
 * @throws Error with the code `ETIMEDOUT` when it takes longer than `timeoutMs`
 */
export type EchoOnce = (port: number, message: Uint8Array, options?: EchoOnceOptions) => Promise<Uint8Array>
