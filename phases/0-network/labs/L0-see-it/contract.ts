/**
 * What you found in the recording (`npm run course -- lab L0 --replay`). Each answer is a function, so that one can be given before
 * the others are known.
 *
 * ```text
 * 14:59:01.1 IP 127.0.0.1.40000 > 127.0.0.1.8080: Flags [S], seq …, length 0      a packet: from > to, flags, bytes of data
 *         0x0000:  4500 003c …                                                     its bytes: 20 of IP, then TCP, then data
 * ```
 */
export interface Answers {
  /** The flags of the first three packets, as tcpdump writes them: `S`, … */
  readonly handshake: () => readonly string[]
  /** The port of the client. */
  readonly clientPort: () => number
  /** Which packet has the request in it? The first one is 1. */
  readonly requestPacket: () => number
  /** Bytes of the request, from `GET` to the empty line. */
  readonly requestBytes: () => number
  /** Who sent the first FIN? */
  readonly firstFin: () => 'client' | 'server'
  /** How many packets carry data? */
  readonly packetsWithData: () => number
}
