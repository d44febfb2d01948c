import { createContentSearch } from './content-search.ts'
import type { RecordedBytes } from './recorded-read.ts'
import { STAR } from './secret-mask.ts'
import { createSecretSearch } from './secret-search.ts'

/** Bytes of a read, half-open, that are content; or that the content is over, and the next part is of another. */
export type ContentPart = readonly [start: number, end: number] | 'end'

export interface MaskedWaySetup {
  /** Hidden wherever they come. */
  readonly secrets: readonly string[]
  /** Hides the rest, in place: it gets every read in turn. */
  readonly mask: (bytes: Uint8Array) => void
  /** Which parts of the read that was masked last are content: a secret in that is found across the framing in between. */
  readonly contentIn: () => readonly ContentPart[]
}

/** What goes one way over a connection, with stars for secrets, one for a byte. */
export interface MaskedWay {
  /** Takes the next entry: what is secret in it, or in those that wait, and is whole now, is hidden. */
  look(entry: RecordedBytes): void
  /** Whether it ends with what may be the beginning of a secret, or comes after that. */
  holds(entry: RecordedBytes): boolean
  /** The oldest entry waits no more. */
  shift(): void
  /** From the next entry on this is a secret, too. */
  learn(secret: string): void
  /** Nothing more comes: half a secret at the end of everything is hidden, too. */
  close(): void
}

export function createMaskedWay({ secrets, mask, contentIn }: MaskedWaySetup): MaskedWay {
  const search = createSecretSearch(secrets)
  const content = createContentSearch(secrets)
  const waiting: { readonly entry: RecordedBytes; readonly start: number }[] = [] // start: in the bytes of this way
  let size = 0 // bytes so far
  let open: number | undefined // where something begins that may become a secret

  function hide(from: number, to: number): void {
    for (const { entry, start } of waiting) {
      entry.bytes.fill(STAR, Math.max(0, from - start), Math.max(0, to - start))
    }
  }

  function lookInto(bytes: Uint8Array, [start, end]: readonly [number, number]): void {
    const found = content.push(bytes.subarray(start, end), size + start)
    for (const [start, end] of found) hide(start, end)
  }

  return {
    look(entry) {
      const seen = search(entry.bytes)
      mask(entry.bytes)
      waiting.push({ entry, start: size })
      for (const part of contentIn()) {
        if (part === 'end') content.end()
        else lookInto(entry.bytes, part)
      }
      for (const [start, end] of seen.found) hide(size + start, size + end)
      open = seen.open === undefined ? undefined : size + seen.open
      size += entry.bytes.length
    },
    holds(entry) {
      const first = Math.min(open ?? Number.POSITIVE_INFINITY, content.open ?? Number.POSITIVE_INFINITY)
      const start = waiting.find((other) => other.entry === entry)?.start ?? 0
      return start + entry.bytes.length > first
    },
    shift: () => void waiting.shift(),
    learn(secret) {
      search.learn(secret)
      content.learn(secret)
    },
    close() {
      if (open !== undefined) hide(open, size)
      for (const [start, end] of content.close()) hide(start, end)
      open = undefined
    },
  }
}
