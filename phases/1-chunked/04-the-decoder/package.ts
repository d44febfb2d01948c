import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import type { CreateChunkDecoder } from './contract.ts'

export const createChunkDecoder: CreateChunkDecoder = () => {
  const decoder = createChunkedDecoder()
  return {
    push(bytes) {
      const pieces: Uint8Array[] = []
      inOurWords(() => decoder.push(bytes, (event) => event.kind === 'data' && pieces.push(event.data)))
      return pieces
    },
    end: () => inOurWords(() => decoder.end(() => {})),
    get done() {
      return decoder.state === 'done'
    },
  }
}

/** The package has a code for each fault; the exercise has two. */
function inOurWords(act: () => unknown): void {
  try {
    act()
  } catch (cause) {
    const code = (cause as { code: string }).code === 'CHUNKED_INCOMPLETE' ? 'Truncated' : 'Malformed'
    throw Object.assign(new Error((cause as Error).message, { cause }), { code })
  }
}
