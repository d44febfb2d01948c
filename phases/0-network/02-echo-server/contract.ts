/** Where an echo server listens. */
export interface EchoOptions {
  /** The address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string
  /** The port to listen on. Default 0: the system chooses one that is free. */
  readonly port?: number
}

/** An echo server that listens. */
export interface Echo {
  /** The port on which it really listens. */
  readonly port: number
  /** Stops listening, cuts the connections that are open, and resolves when all is over. */
  close(): Promise<void>
}

/**
 * Starts an echo server (RFC 862): all bytes go back to where they came from.
 *
 * ```text
 * client                                server
 *   ── SYN ──────────────────────────▶
 *   ◀──────────────────── SYN, ACK ──    accepted: there is a socket now
 *   ── "hello" ──────────────────────▶
 *   ◀────────────────────── "hello" ──   at once, not at the end
 *   ── FIN ──────────────────────────▶   "I have no more": the client still reads
 *   ◀──────── what is left, then FIN ──
 * ```
 *
 * @returns when it listens
 * @throws the error of the system when it cannot listen there, for one when the port is taken
 */
export type StartEcho = (options?: EchoOptions) => Promise<Echo>
