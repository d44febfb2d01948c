import type { BodyEvent } from '@sse-from-scratch/http-raw/decoder'

type Emit = (event: BodyEvent) => void

/** Above it, moving costs more than being a piece of its own. */
const MOST_MOVED = 4096

const EMPTY = new Uint8Array(0)

/**
 * The chunk-data of one push, as views of its bytes, in the order of the wire: one for each chunk; or, where the bytes may be
 * overwritten, one for many small chunks, moved together over the framing between them.
 *
 * A view costs its reader more than moving a hundred bytes (docs/decisions/0031, `npm run bench:chunked -- --only client`).
 */
export class JoinedData {
  #bytes: Uint8Array = EMPTY
  #buffer: ArrayBufferLike = EMPTY.buffer // this and the next are of #bytes, which is asked once, and not for each piece
  #offset: number = 0
  #emit: Emit = () => {}
  #joins: boolean = false
  #from: number = 0 // what has been joined and not been handed on
  #to: number = 0

  /** What follows is in `bytes`, and goes to `emit`. `joins` only if the bytes may be overwritten. */
  begin(bytes: Uint8Array, emit: Emit, joins: boolean): void {
    this.#bytes = bytes
    this.#buffer = bytes.buffer
    this.#offset = bytes.byteOffset
    this.#emit = emit
    this.#joins = joins
    this.#from = 0
    this.#to = 0
  }

  /** The next of the data is from `start` up to `end`. */
  add(start: number, end: number): void {
    if (this.#joins) this.#join(start, end)
    else this.#handOn(start, end)
  }

  /** Nothing more will be joined to what is here. */
  flush(): void {
    const from = this.#from
    this.#from = this.#to // first: should `emit` throw, it is not given the same again
    if (this.#to > from) this.#handOn(from, this.#to)
  }

  /** Everything has been handed on, and the bytes are not held any longer. */
  end(): void {
    this.flush()
    this.begin(EMPTY, this.#emit, false)
  }

  #join(start: number, end: number): void {
    if (this.#to > this.#from && end - start <= MOST_MOVED) {
      this.#bytes.copyWithin(this.#to, start, end)
      this.#to += end - start
      return
    }
    this.flush()
    this.#from = start
    this.#to = end
  }

  #handOn(start: number, end: number): void {
    this.#emit({ kind: 'data', data: new Uint8Array(this.#buffer, this.#offset + start, end - start) })
  }
}
