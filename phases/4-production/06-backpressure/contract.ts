import type { Socket } from 'node:net'

/**
 * Sends all of a source to one reader, as fast as it reads, and no faster.
 *
 * ```text
 * you                            socket
 * ask the source      ◄───┐
 * write(piece)            │      true    there is room
 *                         ├────
 *                         │      false   it has taken the piece, and asks you to wait
 *         wait            │
 *                         └────  drain   all that waited is with the kernel
 *                                close   nobody will ever read
 * ```
 *
 * It resolves when the source is over and its last piece is with the socket, which stays open. When the source fails, so does this.
 * When the socket closes, the source is ended (its `return()`), and this rejects with an error. While the source is silent you need
 * not hear of that: its next piece is soon enough.
 *
 * @param socket has a listener for `error` already
 * @param source is asked for its next piece only when the socket has room
 */
export type Pump = (socket: Socket, source: AsyncIterable<Uint8Array>) => Promise<void>

/**
 * Makes a function that sends an event to many readers, and waits for none of them.
 *
 * ```text
 *                 own queue         socket            a reader is behind by
 *            ┌──► ·                 ·                 0                        it reads
 * publish ───┼──► ·                 ▓▓▓▓              writableLength
 *            └──► 7 8 9             ▓▓▓▓▓▓▓▓          queue + writableLength   more than limitBytes: the policy
 * ```
 *
 * An event goes to the socket when that has room and nothing waits before it, and else into a queue of this reader.
 * On `drain` the queue goes on. What is with the socket can no longer be taken back; what is in the queue can.
 *
 * @param clients whoever is in it when an event is published hears it; clients come and go
 */
export type FanOut = (clients: Set<Socket>, options: FanOutOptions) => (event: Uint8Array) => void

export interface FanOutOptions {
  /** So many bytes may wait for one reader: those in its queue, and the `writableLength` of its socket. */
  readonly limitBytes: number
  /**
   * What happens above that. `drop-oldest`: the oldest events leave the queue, whole, until the rest fits; the newest always stays.
   * `disconnect`: the reader is cut off at once (`destroy()`) and leaves the set.
   */
  readonly policy: 'drop-oldest' | 'disconnect'
}
