import type { Clock } from '@sse-from-scratch/course'

/**
 * Sends all clients of a server away, so that its process may end and another one may take its place.
 *
 * ```text
 * you                                          client a                   client b, who does not read
 * stopListening()
 * send(retry: 3000 + random() × 3000)  ──────► 4210 ms                    5873 ms
 * end()                                ──────► the end, in good order
 * closeIdle()                          ──────► FIN
 *   …until all have ended, or graceMs is over
 * abort()                              ───────────────────────────────►   RST
 *                                              …4210 ms later:
 *                                              the new server
 * ```
 *
 * All clients are told and ended at once, none after the other. An `end()` that rejects (the connection broke) harms no other client.
 * When all have ended it is done: it does not wait for the rest of `graceMs`, and leaves no sleep behind.
 *
 * @param server the one to empty
 * @param graceMs milliseconds that clients have for reading what waits for them
 * @returns how many clients ended in good order, in that time: those who were cut off, or broke, do not count
 */
export type Drain = (
  server: DrainableServer,
  graceMs: number,
  options: DrainOptions,
) => Promise<{ readonly closed: number }>

export interface DrainOptions {
  /** Milliseconds: each client gets `retry: retry + random() * retry`, rounded down. */
  readonly retry: number
  /** What you wait with. */
  readonly clock: Clock
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number
}

/** A server with open streams. */
export interface DrainableServer {
  /** Whoever has a stream now. A client that has ended leaves the set by itself. */
  readonly clients: ReadonlySet<Client>
  /** No new connection is accepted. Those that are open stay open, with their streams. */
  stopListening(): void
  /**
   * Closes each connection on which no answer is on its way: HTTP keeps them alive, and the next request on one of them would still
   * come to this server (RFC 9112 §9.3). Harmless for all others, so call it as often as you like.
   */
  closeIdle(): void
}

/** One open stream. */
export interface Client {
  /** Sends a text of the event stream: fields, and a blank line. Never throws. */
  send(text: string): void
  /** Ends the answer behind all that was sent. Resolves when the last byte has left; rejects when the connection breaks before. */
  end(): Promise<void>
  /** Cuts the connection, whatever still waits. */
  abort(): void
}
