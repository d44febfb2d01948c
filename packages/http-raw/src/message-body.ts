import { createCollection, utf8 } from './collect.ts'
import type { Fields } from './fields.ts'
import { alreadyRead, type IncomingBody } from './incoming-body.ts'
import { parseJson } from './json.ts'
import type { MessageEvents } from './message-events.ts'
import { MessagePieces } from './message-pieces.ts'

export interface MessageBodyOptions {
  /** See `Limits`. */
  readonly collectedSize: number
  /** Somebody has stopped reading before the end, or has met an error. */
  readonly onBreak?: () => void
}

/** The body of a message, for one reader: piece by piece, or as a whole. */
export class MessageBody implements IncomingBody {
  readonly #events: MessageEvents<unknown>
  readonly #pieces: MessagePieces
  readonly #collectedSize: number
  #claimed: boolean = false

  constructor(events: MessageEvents<unknown>, { collectedSize, onBreak }: MessageBodyOptions) {
    this.#events = events
    this.#pieces = new MessagePieces(events, onBreak)
    this.#collectedSize = collectedSize
  }

  get trailers(): Fields {
    return this.#pieces.trailers
  }

  async bytes(): Promise<Uint8Array> {
    this.#claim()
    const collection = createCollection(this.#collectedSize)
    try {
      for (;;) {
        const piece = this.#pieces.take() ?? (await this.#pieces.wait())
        if (piece === undefined) return collection.whole()
        collection.add(piece)
      }
    } catch (error) {
      this.#events.fail(error)
      this.#pieces.leave()
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
    return this.#pieces.iterator()
  }

  /** What nobody has read yet, also of a body that somebody has begun to read. */
  rest(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#pieces.iterator() }
  }

  /** For one reader only; the next one hears why there is nothing for it, or what was wrong in the first place. */
  #claim(): void {
    if (this.#claimed) throw this.#events.failure?.error ?? alreadyRead()
    this.#claimed = true
  }
}
