import type { Socket } from 'node:net'
import type { Condition } from './condition.ts'
import { joinOnce, send } from './send-parts.ts'

/** A part up to here is packed with others while a socket is full: the object around it would weigh as much. */
const SMALL = 1024

/** What small parts are packed into: as much again as waits already, between these two. */
const LEAST_BLOCK = 1024
const MOST_BLOCK = 16 * 1024

const NOTHING: Uint8Array[] = [] // never changed
const EMPTY = new Uint8Array(0)

/** Who has written something in this turn of the event loop. */
let writers: JoinedWrites[] = []

/**
 * Holds writes back until the current turn of the event loop has done its work, so that they leave as one.
 *
 * Thirty-two small events written in one turn are then one system call and one segment, not thirty-two. They are copied
 * together, since to a stream every part is a write of its own: 1.7 times as many leave per second of CPU time as with
 * cork and writev (`npm run bench:chunked -- --only encode`). Where the same parts go to many, they are copied once.
 *
 * A socket that is full gets nothing before it has drained: until then small parts are packed into blocks, so that a
 * reader who has stopped costs the bytes that wait for it, and not the objects around them.
 */
export class JoinedWrites {
  readonly #socket: Socket
  readonly #output: Condition
  #parts: Uint8Array[] = NOTHING
  #text: string = '' // what comes behind them: it becomes bytes once, however many have added to it
  #size: number = 0
  #hearsDrains: boolean = false
  #block: Uint8Array = EMPTY // behind the parts, in front of the text, and filled so far
  #filled: number = 0

  /** `output` hears of each handing over. */
  constructor(socket: Socket, output: Condition) {
    this.#socket = socket
    this.#output = output
  }

  /** How many bytes wait. */
  get size(): number {
    return this.#size
  }

  add(parts: readonly Uint8Array[]): void {
    this.#schedule()
    this.#endText()
    const packing = this.#socket.writableNeedDrain
    for (const part of parts) {
      if (packing && part.length <= SMALL) this.#pack(part)
      else this.#push(part)
      this.#size += part.length
    }
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
    this.#endBlock()
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
    if (this.#size > 0) return
    if (writers.length === 0) queueMicrotask(afterPromises)
    writers.push(this)
  }

  #endText(): void {
    if (this.#text === '') return
    this.#push(Buffer.from(this.#text, 'latin1'))
    this.#text = ''
  }

  #push(part: Uint8Array): void {
    if (this.#filled > 0) this.#endBlock()
    if (this.#parts === NOTHING) this.#parts = []
    this.#parts.push(part)
  }

  #pack(part: Uint8Array): void {
    if (this.#filled + part.length > this.#block.length) {
      this.#endBlock()
      this.#block = new Uint8Array(Math.min(Math.max(LEAST_BLOCK, this.#size), MOST_BLOCK))
    }
    this.#block.set(part, this.#filled)
    this.#filled += part.length
  }

  #endBlock(): void {
    if (this.#filled === 0) return
    const block = this.#block.subarray(0, this.#filled)
    this.#block = EMPTY
    this.#filled = 0
    this.#push(block)
  }
}

/**
 * A tick that is asked for outside of a microtask runs before them all; asked for in one, it runs when none is left. What is
 * written in reaction to a promise then leaves with what was written before it: 16 pipelined answers in one system call
 * instead of two (`npm run bench:http -- --only pipelined`).
 */
function afterPromises(): void {
  process.nextTick(endTurn)
}

function endTurn(): void {
  const ended = writers
  writers = []
  joinOnce(() => {
    for (const writer of ended) writer.endTurn()
  })
}
