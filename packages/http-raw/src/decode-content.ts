import type { ContentCoding } from './content-coding.ts'
import { type ZlibFlow, zlibFlow } from './zlib-flow.ts'

/**
 * Takes one coding off a body, piece by piece: all that can be known from the bytes so far comes out before more of them are
 * asked for, so that an event arrives when its bytes did. A piece that swells comes out in many small ones, and the next of
 * them is not made before the last has been taken.
 *
 * Throws `HTTP_INCOMPLETE` for a body that stops short, and `HTTP_BAD_CODING` for one that is not in this coding or goes on
 * behind its end. An empty body is empty in any coding.
 */
export async function* decodeContent(
  body: AsyncIterable<Uint8Array>,
  coding: ContentCoding,
): AsyncGenerator<Uint8Array, void> {
  let flow: ZlibFlow | undefined
  try {
    for await (const piece of body) {
      if (piece.length === 0) continue
      flow ??= zlibFlow(coding.name, coding.createDecoder(piece[0] as number))
      yield* flow.write(piece)
    }
    if (flow) yield* flow.end()
  } finally {
    flow?.destroy()
  }
}
