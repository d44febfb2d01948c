import type { Socket } from 'node:net'
import { Block } from './block.ts'
import type { Condition } from './condition.ts'
import { type Copies, MOST_AT_ONCE } from './copies.ts'
import { atEndOfTurn, type TurnWriter } from './end-of-turn.ts'
import { Run } from './run.ts'
import { send } from './send-parts.ts'

const NOTHING: Uint8Array[] = [] // never changed

/**
 * Holds writes back until the current turn of the event loop has done its work, so that they leave as one.
 *
 * Thirty-two small events written in one turn are then one system call and one segment, not thirty-two. They are copied
 * together, since to a stream every part is a write of its own: 1.7 times as many leave per second of CPU time as with
 * cork and writev (`npm run bench:chunked -- --only encode`). A small write of several parts is copied at once, into the
 * `Run` of the turn. One of a single part stays as it is until then: it may go to many, and what goes to many is copied once.
 *
 * A socket that is full gets nothing before it has drained: until then small writes are packed into a `Block`, so that a
 * reader who has stopped costs the bytes that wait for it, and not the objects around them.
 */
export class JoinedWrites implements TurnWriter {
  readonly #socket: Socket
  readonly #output: Condition
  #parts: Uint8Array[] = NOTHING
  #text: string = '' // what comes behind them: it becomes bytes once, however many have added to it
  #size: number = 0
  #hearsDrains: boolean = false
  #copies: Copies | undefined // behind the parts, in front of the text

  /** `output` hears of each handing over. */
  constructor(socket: Socket, output: Condition) {
    this.#socket = socket
    this.#output = output
  }

  /** How many bytes wait. */
  get size(): number {
    return this.#size
  }

  /** The array is ours from here on: mostly nothing else is written in a turn, and it need not be made again. */
  add(parts: Uint8Array[]): void {
    this.#schedule()
    this.#endText()
    const size = sizeOf(parts)
    const mustWait = this.#socket.writableNeedDrain
    if (size <= MOST_AT_ONCE && (parts.length > 1 || mustWait)) this.#copy(parts, size, mustWait)
    else if (this.#size === 0) this.#parts = parts
    else for (const part of parts) this.#push(part)
    this.#size += size
  }

  /** Text of one byte a character. The last for now need not wait for the turn to end. */
  addText(latin1: string, isLast: boolean): void {
    if (isLast && this.#size === 0 && this.#socket.writableLength === 0) {
      this.#socket.write(latin1, 'latin1')
      this.#given()
      return
    }
    if (!isLast) this.#schedule()
    this.#text += latin1
    this.#size += latin1.length
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
    if (this.#size === 0) return
    this.#endCopies()
    if (this.#parts !== NOTHING) this.#endText()
    const parts = this.#parts
    const text = this.#text
    const size = this.#size
    this.#parts = NOTHING
    this.#text = ''
    this.#size = 0
    if (!this.#socket.destroyed) {
      if (text === '') send(this.#socket, parts, size)
      else this.#socket.write(text, 'latin1')
    }
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
    if (this.#size === 0) atEndOfTurn(this)
  }

  #endText(): void {
    if (this.#text === '') return
    this.#push(Buffer.from(this.#text, 'latin1'))
    this.#text = ''
  }

  #push(part: Uint8Array): void {
    this.#endCopies()
    if (this.#parts === NOTHING) this.#parts = []
    this.#parts.push(part)
  }

  #copy(parts: readonly Uint8Array[], size: number, mustWait: boolean): void {
    if (this.#copies?.add(parts, size)) return
    this.#endCopies()
    this.#copies = mustWait ? new Block(this.#size) : new Run(size)
    this.#copies.add(parts, size)
  }

  #endCopies(): void {
    const copies = this.#copies
    if (copies === undefined) return
    this.#copies = undefined
    this.#push(copies.bytes)
  }
}

function sizeOf(parts: readonly Uint8Array[]): number {
  let size = 0
  for (const part of parts) size += part.length
  return size
}
