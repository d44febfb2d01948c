/**
 * Sends the numbers 0 to n - 1 to a port of this machine, in order.
 *
 * ```text
 *   udp   [0\n] [1\n] [2\n] [3\n]     a datagram for each: the network may drop some and swap others
 *   tcp   0\n1\n2\n3\n                one stream of bytes: the ends of the lines are the only edges it has
 * ```
 *
 * @param kind over what: datagrams (RFC 768), or a connection (RFC 9293)
 * @param port of 127.0.0.1
 * @param n how many; each is written in decimal and ends in LF
 * @returns when the system has taken all of them, and the socket is closed
 * @throws the error of the system: over TCP, when nobody listens there. UDP may say nothing
 */
export type SendNumbered = (kind: 'udp' | 'tcp', port: number, n: number) => Promise<void>

/** What has become of numbers that were sent in order. */
export interface Audit {
  /** The numbers that never came, in ascending order. Also the last ones: nothing behind them shows the gap. */
  readonly lost: readonly number[]
  /** How many numbers came behind a larger one. Only the first time counts: what comes twice was not swapped. */
  readonly swapped: number
  /** The numbers that came more than once, in ascending order, each once. */
  readonly twice: readonly number[]
}

/**
 * Compares what came with what was sent.
 *
 * @param seen the numbers in the order in which they came
 * @param n how many were sent: 0 to n - 1
 */
export type AuditNumbers = (seen: readonly number[], n: number) => Audit
