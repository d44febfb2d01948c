/** A write up to here is copied as soon as it is made of several parts, or has to wait: the objects around it would cost as much. */
export const MOST_AT_ONCE = 1024

/** Small writes of one connection, copied one behind the other as they come. */
export interface Copies {
  /** Copies a write of at most {@link MOST_AT_ONCE} bytes, `size` in all; false if there is no room left for it. */
  add(parts: readonly Uint8Array[], size: number): boolean
  /** All of them. Nothing is added any more. */
  readonly bytes: Uint8Array
  /** They have left this process, and nobody else has seen them: their room may be filled again. */
  release?(): void
}

/** A part up to here is copied faster byte by byte than by `set`, which is a call: 1.1 times the events in all. */
const SHORT = 8

/** Copies the parts to `at` and behind it; returns where they end. */
export function copyParts(parts: readonly Uint8Array[], into: Uint8Array, at: number): number {
  let end = at
  for (const part of parts) {
    if (part.length > SHORT) into.set(part, end)
    else for (let i = 0; i < part.length; i++) into[end + i] = part[i] as number
    end += part.length
  }
  return end
}
