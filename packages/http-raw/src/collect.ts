import { bodyTooLarge } from './body.ts'

/** All pieces as one, up to `limit` bytes; `HTTP_BODY_TOO_LARGE` at the first piece that goes past it. */
export async function collect(pieces: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of pieces) {
    size += part.length
    if (size > limit) throw bodyTooLarge(limit)
    parts.push(part)
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts, size)
}
