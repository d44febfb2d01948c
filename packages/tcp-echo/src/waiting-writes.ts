import type { Socket } from 'node:net'
import { Block } from './block.ts'
import { type Copies, MOST_AT_ONCE } from './copies.ts'
import { Run } from './run.ts'
import { send } from './send-parts.ts'

const NOTHING: Uint8Array[] = [] // never changed

/**
 * What has been written to a socket and not been handed to it yet, in its order: parts, then copies of small ones, then text.
 *
 * A small write of several parts is copied at once, into the `Run` of the turn. One of a single part stays as it is until it
 * leaves: it may go to many, and what goes to many is copied once. For a reader who has stopped, small writes are packed
 * into a `Block`, so that they cost the bytes that wait, and not the objects around them.
 */
export class WaitingWrites {
  #parts: Uint8Array[] = NOTHING
  #copies: Copies | undefined
  #text: string = '' // it becomes bytes once, however many have added to it
  #size: number = 0

  /** How many bytes there are. */
  get size(): number {
    return this.#size
  }

  /**
   * Parts of `size` bytes in all. The array is ours from here on: mostly nothing else is written in a turn, and it need not be
   * made again.
   */
  add(parts: Uint8Array[], size: number, hasStopped: boolean): void {
    this.#endText()
    if (size <= MOST_AT_ONCE && (parts.length > 1 || hasStopped)) this.#copy(parts, size, hasStopped)
    else if (this.#size === 0) this.#parts = parts
    else for (const part of parts) this.#push(part)
    this.#size += size
  }

  /** Text of one byte a character. */
  addText(latin1: string): void {
    this.#text += latin1
    this.#size += latin1.length
  }

  /** Gives all of it to the socket, as one write or as few. Throws if bytes have been transferred meanwhile. */
  handTo(socket: Socket): void {
    const copies = this.#copies
    this.#endCopies()
    if (this.#parts !== NOTHING) this.#endText()
    const parts = this.#parts
    const text = this.#text
    const size = this.#size
    this.#parts = NOTHING
    this.#text = ''
    this.#size = 0
    if (socket.destroyed) return
    if (text === '') send(socket, parts, size)
    else socket.write(text, 'latin1')
    if (socket.writableLength === 0) copies?.release?.()
  }

  #push(part: Uint8Array): void {
    this.#endCopies()
    if (this.#parts === NOTHING) this.#parts = []
    this.#parts.push(part)
  }

  #copy(parts: readonly Uint8Array[], size: number, hasStopped: boolean): void {
    if (this.#copies?.add(parts, size)) return
    this.#endCopies()
    this.#copies = hasStopped ? new Block(this.#size) : new Run(size)
    this.#copies.add(parts, size)
  }

  #endCopies(): void {
    const copies = this.#copies
    if (copies === undefined) return
    this.#copies = undefined
    this.#push(copies.bytes)
  }

  #endText(): void {
    if (this.#text === '') return
    this.#push(Buffer.from(this.#text, 'latin1'))
    this.#text = ''
  }
}
