/** What `onread` of `net.connect` takes. */
export interface ReadingRoom {
  /** Asked for before the first read, and after each. */
  buffer(): Uint8Array
  /** Has read `size` bytes into `room`. Returns that reading goes on: who wants none pauses the socket. */
  callback(size: number, room: Uint8Array): boolean
}

/** How much one read may bring: as much as Node would let it. */
const MOST = 64 * 1024

/** What brings less is copied, and its room is used again. */
const MUCH = MOST / 2

/** For all connections: what has come is copied before anybody else reads. */
const SHARED: Uint8Array = new Uint8Array(MOST)

/**
 * Where the bytes of a connection arrive that we have opened: in a room that all of them share, until a read brings much. From
 * then on in one of its own, which goes with the bytes, until a read brings little.
 *
 * Node itself takes 64 KiB of memory for each read, and gives back what stays empty (docs/decisions/0031).
 */
export function readingRoom(onBytes: (bytes: Uint8Array) => void): ReadingRoom {
  let next = SHARED
  return {
    buffer: () => next,
    callback(size, room) {
      const isMuch = size >= MUCH
      next = isMuch ? roomOfItsOwn() : SHARED
      const bytes = room.subarray(0, size)
      onBytes(isMuch && room !== SHARED ? bytes : new Uint8Array(bytes))
      return true
    },
  }
}

/** Not cleared first; and no Buffer, as what comes out of the shared room is none: `slice` does the same with both. */
function roomOfItsOwn(): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(MOST).buffer)
}
