import type { BodyReader } from './body-reader.ts'
import { concat } from './concat.ts'
import type { Patience } from './patience.ts'

/** Bytes of an error's body that are read, and the milliseconds that takes at most: the status is known without it. */
const MAX_ERROR_BODY = 64 * 1024
const MAX_ERROR_TIME = 2000

/** As much of an error's body as comes soon, and no more than anybody reads: what it was about counts more than its end. */
export async function readErrorBody(reader: BodyReader, during: Patience['during']): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  const { over, clear } = timeLimit(MAX_ERROR_TIME)
  try {
    while (size < MAX_ERROR_BODY) {
      const bytes = await during(() => Promise.race([reader.read(), over])).catch(() => null)
      if (bytes === null) break
      parts.push(Uint8Array.from(bytes)) // views are only valid now
      size += bytes.length
    }
    return concat(parts)
  } finally {
    clear()
  }
}

/** A promise of `null` in so many milliseconds. */
function timeLimit(milliseconds: number): { readonly over: Promise<null>; readonly clear: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds)
  })
  return { over, clear: () => clearTimeout(timer) }
}
