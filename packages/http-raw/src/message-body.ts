import { createCollection, utf8 } from './collect.ts'
import { Fields } from './fields.ts'
import { alreadyRead, type IncomingBody } from './incoming-body.ts'
import { parseJson } from './json.ts'
import type { MessageEvents } from './message-events.ts'

export interface MessageBodyOptions {
  /** See `Limits`. */
  readonly collectedSize: number
  /** Somebody has stopped reading before the end, or has met an error. */
  readonly onBreak?: () => void
}

const NO_TRAILERS = new Fields()

type Piece = IteratorResult<Uint8Array, undefined>

const DONE: Piece = { done: true, value: undefined }
const ENDED: Promise<Piece> = Promise.resolve(DONE)

/** The events of a message, read as a body. */
export class MessageBody implements IncomingBody {
  readonly #events: MessageEvents<unknown>
  readonly #options: MessageBodyOptions
  #claimed: boolean = false
  #done: boolean = false
  #trailers: Fields = NO_TRAILERS

  constructor(events: MessageEvents<unknown>, options: MessageBodyOptions) {
    this.#events = events
    this.#options = options
  }

  get trailers(): Fields {
    return this.#trailers
  }

  async bytes(): Promise<Uint8Array> {
    this.#claim()
    const collection = createCollection(this.#options.collectedSize)
    try {
      for (;;) {
        const piece = this.#takePiece() ?? (await this.#nextPiece())
        if (piece === undefined) return collection.whole()
        collection.add(piece)
      }
    } catch (error) {
      this.#events.fail(error)
      this.#leave()
      throw error
    }
  }

  async text(): Promise<string> {
    return utf8(await this.bytes())
  }

  async json(): Promise<unknown> {
    const text = await this.text()
    try {
      return parseJson(text)
    } catch (error) {
      this.#events.fail(error) // the sender's mistake, and known as such
      throw error
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    this.#claim()
    return this.#iterator()
  }

  /** What nobody has read yet, also of a body that somebody has begun to read. */
  rest(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#iterator() }
  }

  /** For one reader only; the next one hears why there is nothing for it, or what was wrong in the first place. */
  #claim(): void {
    if (this.#claimed) throw this.#events.failure?.error ?? alreadyRead()
    this.#claimed = true
  }

  /**
   * Not a generator, which waits three times for a piece that is here: in chunks of 16 KiB that is a tenth of all that a
   * body costs (`npm run bench:chunked -- --only client`).
   */
  #iterator(): AsyncIterator<Uint8Array, undefined> {
    let left = false
    const leave = () => {
      left = true
      this.#leave()
      return ENDED
    }
    return { next: () => (left ? ENDED : this.#next()), return: leave }
  }

  #next(): Promise<Piece> {
    try {
      const value = this.#takePiece()
      if (value) return Promise.resolve({ done: false, value })
      return this.#done ? ENDED : this.#waitForNext()
    } catch (error) {
      this.#leave()
      return Promise.reject(error)
    }
  }

  async #waitForNext(): Promise<Piece> {
    try {
      const value = await this.#nextPiece()
      return value ? { done: false, value } : DONE
    } catch (error) {
      this.#leave()
      throw error
    }
  }

  /** The next piece, if it is here. */
  #takePiece(): Uint8Array | undefined {
    while (!this.#done) {
      const event = this.#events.take()
      if (event?.kind === 'data') return event.data
      if (event?.kind === 'trailers') this.#trailers = event.fields
      else if (event || this.#events.over) this.#done = true
      else break
    }
    return undefined
  }

  /** The next piece, when it is here; `undefined` if there is none any more. */
  async #nextPiece(): Promise<Uint8Array | undefined> {
    while (!this.#done) {
      await this.#events.more()
      const piece = this.#takePiece()
      if (piece) return piece
    }
    return undefined
  }

  #leave(): void {
    if (!this.#done) this.#options.onBreak?.()
  }
}
