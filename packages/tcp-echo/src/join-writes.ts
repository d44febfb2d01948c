import type { Socket } from 'node:net'
import type { Condition } from './condition.ts'
import { atEndOfTurn, type TurnWriter } from './end-of-turn.ts'
import { WaitingWrites } from './waiting-writes.ts'

/**
 * Holds writes back until the current turn of the event loop has done its work, so that they leave as one.
 *
 * Thirty-two small events written in one turn are then one system call and one segment, not thirty-two. They are copied
 * together, since to a stream every part is a write of its own: 1.7 times as many leave per second of CPU time as with
 * cork and writev (`npm run bench:chunked -- --only encode`).
 *
 * A socket that is full gets nothing before it has drained.
 */
export class JoinedWrites implements TurnWriter {
  readonly #socket: Socket
  readonly #output: Condition
  readonly #waiting: WaitingWrites = new WaitingWrites()
  #hearsDrains: boolean = false

  /** `output` hears of each handing over. */
  constructor(socket: Socket, output: Condition) {
    this.#socket = socket
    this.#output = output
  }

  /** How many bytes wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** Parts of `size` bytes in all. The array is ours from here on. */
  add(parts: Uint8Array[], size: number): void {
    this.#schedule()
    this.#waiting.add(parts, size, this.#socket.writableNeedDrain)
  }

  /** Text of one byte a character. The last for now need not wait for the turn to end. */
  addText(latin1: string, isLast: boolean): void {
    if (isLast && this.size === 0 && this.#socket.writableLength === 0) {
      this.#socket.write(latin1, 'latin1')
      this.#given()
      return
    }
    if (!isLast) this.#schedule()
    this.#waiting.addText(latin1)
    if (isLast) this.endTurn()
  }

  /** The turn is over. Bytes that their owner has given away meanwhile break this connection, not those behind it. */
  endTurn(): void {
    if (this.#socket.writableNeedDrain) return
    try {
      this.flush()
    } catch (error) {
      this.#socket.destroy(error as Error)
    }
  }

  /** Hands it over now: the socket has drained, or an end comes next. */
  flush(): void {
    if (this.size === 0) return
    this.#waiting.handTo(this.#socket)
    this.#given()
  }

  /** The socket has been given something. Most are never full, and need nobody who hears that they have drained. */
  #given(): void {
    if (this.#socket.writableNeedDrain && !this.#hearsDrains) {
      this.#hearsDrains = true
      this.#socket.on('drain', () => {
        this.flush()
        this.#output.changed()
      })
    }
    this.#output.changed()
  }

  #schedule(): void {
    if (this.size === 0) atEndOfTurn(this)
  }
}
