import { Fields } from './fields.ts'
import type { MessageEvents } from './message-events.ts'

const NO_TRAILERS = new Fields()

type Piece = IteratorResult<Uint8Array, undefined>

const DONE: Piece = { done: true, value: undefined }
const ENDED: Promise<Piece> = Promise.resolve(DONE)

/** The events of a message behind its head: pieces of its body, one after the other, then its trailers. */
export class MessagePieces {
  /** Empty until the body has been read to its end. */
  trailers: Fields = NO_TRAILERS
  readonly #events: MessageEvents<unknown>
  readonly #onBreak: (() => void) | undefined
  #done: boolean = false

  /** `onBreak`: somebody has stopped reading before the end, or has met an error. */
  constructor(events: MessageEvents<unknown>, onBreak: (() => void) | undefined) {
    this.#events = events
    this.#onBreak = onBreak
  }

  /** The next piece, if it is here. */
  take(): Uint8Array | undefined {
    while (!this.#done) {
      const event = this.#events.take()
      if (event?.kind === 'data') return event.data
      if (event?.kind === 'trailers') this.trailers = event.fields
      else if (event || this.#events.over) this.#done = true
      else break
    }
    return undefined
  }

  /** The next piece, when it is here; `undefined` if there is none any more. */
  async wait(): Promise<Uint8Array | undefined> {
    while (!this.#done) {
      await this.#events.more()
      const piece = this.take()
      if (piece) return piece
    }
    return undefined
  }

  /** Nobody reads on. */
  leave(): void {
    if (!this.#done) this.#onBreak?.()
  }

  /**
   * Not a generator, which waits three times for a piece that is here: in chunks of 16 KiB that is a tenth of all that a
   * body costs (`npm run bench:chunked -- --only client`).
   */
  iterator(): AsyncIterator<Uint8Array, undefined> {
    let left = false
    const leave = () => {
      left = true
      this.leave()
      return ENDED
    }
    return { next: () => (left ? ENDED : this.#next()), return: leave }
  }

  #next(): Promise<Piece> {
    try {
      const value = this.take()
      if (value) return Promise.resolve({ done: false, value })
      return this.#done ? ENDED : this.#waitForNext()
    } catch (error) {
      this.leave()
      return Promise.reject(error)
    }
  }

  async #waitForNext(): Promise<Piece> {
    try {
      const value = await this.wait()
      return value ? { done: false, value } : DONE
    } catch (error) {
      this.leave()
      throw error
    }
  }
}
