import { joined, NOTHING } from '../joined.ts'
import type { AnswerData } from './answer-part.ts'

/** More of one chunk than this is not kept back. */
const MAX_CHUNK = 64 * 1024

/** Puts the bytes of a chunked body back into the chunks they came in. */
export interface ChunkPieces {
  /**
   * The next bytes, and what the decoder found of data in them: views of them. `isOpen` when it is still inside of a chunk.
   * Emits the chunks that are whole, and returns the rest: framing of what comes next.
   */
  push(bytes: Uint8Array, views: readonly Uint8Array[], isOpen: boolean, emit: (part: AnswerData) => void): Uint8Array
  /** Keeps what is not whole for the next time. */
  keep(rest: Uint8Array): void
  /** All that was kept, and the data in it. */
  take(): { readonly bytes: Uint8Array; readonly data: Uint8Array }
}

export function createChunkPieces(): ChunkPieces {
  let wire: Uint8Array[] = [] // of the chunk that is not whole
  let data: Uint8Array[] = []
  let dataFrom = 0 // in the wire
  let missing = 0 // of the CRLF behind the data

  function take(): { readonly bytes: Uint8Array; readonly data: Uint8Array } {
    const taken = { bytes: joined(wire), data: joined(data) }
    wire = []
    data = []
    return taken
  }

  return {
    push(bytes, views, isOpen, emit) {
      let from = 0
      const endChunk = (end: number): void => {
        wire.push(bytes.subarray(from, end))
        from = end
        emit({ kind: 'data', from: dataFrom, ...take() })
        dataFrom = 0
      }
      const rest = Math.min(missing, bytes.length)
      missing -= rest
      if (rest > 0 && missing === 0) endChunk(rest)
      views.forEach((view, index) => {
        const start = view.byteOffset - bytes.byteOffset
        const end = start + view.length
        if (data.length === 0) dataFrom = sizeOf(wire) + start - from
        data.push(view)
        const next = views[index + 1]
        const goesOn = next ? next.byteOffset === view.byteOffset + view.length : isOpen && end === bytes.length
        if (goesOn) return
        missing = Math.max(0, end + 2 - bytes.length)
        if (missing === 0) endChunk(end + 2)
      })
      if (isOpen && sizeOf(data) > MAX_CHUNK) endChunk(bytes.length)
      return from === bytes.length ? NOTHING : bytes.subarray(from)
    },
    keep(rest) {
      if (rest.length > 0) wire.push(rest)
    },
    take,
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, piece) => size + piece.length, 0)
}
