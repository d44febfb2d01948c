import type { OnReadOpts } from 'node:net'

/** How much one read may bring: as much as Node would let it. */
const MOST = 64 * 1024

/** What brings less is copied, and its room is used again. */
const MUCH = MOST / 2

/** For all connections: what has come is copied before anybody else reads. */
const SHARED = new Uint8Array(MOST)

/**
 * Where the bytes of a connection arrive that we have opened, the `onread` of `net.connect`: in a room that all of them
 * share, until a read brings much. From then on in one of its own, which goes with the bytes, until a read brings little.
 *
 * Node itself takes 64 KiB of memory for each read, and gives back what stays empty (docs/decisions/0031).
 */
export class ReadingRoom implements OnReadOpts {
  readonly #onBytes: (bytes: Uint8Array) => void
  #room: Uint8Array = SHARED

  constructor(onBytes: (bytes: Uint8Array) => void) {
    this.#onBytes = onBytes
  }

  /** Asked for before the first read, and after each. */
  readonly buffer = (): Uint8Array => this.#room

  /** Has read `size` bytes into `room`. Returns that reading goes on: who wants none pauses the socket. */
  readonly callback = (size: number, room: Uint8Array): boolean => {
    const isMuch = size >= MUCH
    this.#room = isMuch ? roomOfItsOwn() : SHARED
    const bytes = room.subarray(0, size)
    this.#onBytes(isMuch && room !== SHARED ? bytes : new Uint8Array(bytes))
    return true
  }
}

/** Not cleared first; and no Buffer, as what comes out of the shared room is none: `slice` does the same with both. */
function roomOfItsOwn(): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(MOST).buffer)
}
