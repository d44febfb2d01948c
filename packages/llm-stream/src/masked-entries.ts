import { type ContentSearch, createContentSearch } from './content-search.ts'
import type { RecordedBytes, RecordedDirection, RecordedRead } from './recorded-read.ts'
import { STAR } from './secret-mask.ts'
import { createSecretSearch, type SecretSearch } from './secret-search.ts'

/** What is to be hidden, and who gets the rest. */
export interface MaskedEntriesSetup {
  readonly record: (entry: RecordedRead) => void
  /** Hidden wherever they come. */
  readonly secrets: readonly string[]
  /** Makes what hides the rest, in place, in the reads of one direction: it gets every one in turn. */
  readonly createMask: (direction: RecordedDirection) => (bytes: Uint8Array) => void
  /** Which parts of the read that was masked last are content: a secret in that is found across the framing in between. */
  readonly contentIn?: (direction: RecordedDirection) => readonly ContentPart[]
}

/** Bytes of a read, half-open, that are content; or that the content is over, and the next part is of another. */
export type ContentPart = readonly [start: number, end: number] | 'end'

/** The entries of one connection, on their way to be recorded. */
export interface MaskedEntries {
  /** Takes an entry over; bytes are changed in place. */
  add(entry: RecordedRead): void
  /** From the next entry on this is a secret, too. */
  learn(secret: string): void
  /** Nothing more comes. */
  flush(): void
}

interface Way {
  readonly search: SecretSearch
  readonly content: ContentSearch
  readonly mask: (bytes: Uint8Array) => void
  /** Entries that wait, and where each begins in the bytes of this direction. */
  readonly waiting: { readonly entry: RecordedBytes; readonly start: number }[]
  /** Bytes so far. */
  size: number
  /** Where something begins that may become a secret. */
  open: number | undefined
}

/**
 * Puts stars for secrets, one for a byte, and records in order. An entry that ends with what may be the beginning of a
 * secret waits for the next one, and with it all that come after it: what has been recorded cannot be taken back, and
 * what is no secret is to be recorded as it was.
 */
export function createMaskedEntries(setup: MaskedEntriesSetup): MaskedEntries {
  const { record, secrets, createMask, contentIn = () => [] } = setup
  let waiting: RecordedRead[] = []
  const createWay = (direction: RecordedDirection): Way => ({
    search: createSecretSearch(secrets),
    content: createContentSearch(secrets),
    mask: createMask(direction),
    waiting: [],
    size: 0,
    open: undefined,
  })
  const ways: Readonly<Record<RecordedDirection, Way>> = { up: createWay('up'), down: createWay('down') }

  function isHeld(entry: RecordedRead): boolean {
    if (entry.kind !== 'bytes') return false
    const { waiting, content, open = content.open } = ways[entry.direction]
    if (open === undefined) return false
    const start = waiting.find((other) => other.entry === entry)?.start ?? 0
    return start + entry.bytes.length > Math.min(open, content.open ?? open)
  }

  function release(): void {
    const held = waiting.findIndex(isHeld)
    const ready = held === -1 ? waiting : waiting.slice(0, held)
    waiting = held === -1 ? [] : waiting.slice(held)
    for (const entry of ready) {
      if (entry.kind === 'bytes') ways[entry.direction].waiting.shift()
      record(entry)
    }
  }

  function look(entry: RecordedBytes): void {
    const way = ways[entry.direction]
    const { found, open } = way.search(entry.bytes)
    way.mask(entry.bytes)
    way.waiting.push({ entry, start: way.size })
    for (const part of contentIn(entry.direction)) {
      if (part === 'end') way.content.end()
      else lookInto(way, entry.bytes, part)
    }
    for (const [start, end] of found) hide(way, way.size + start, way.size + end)
    way.open = open === undefined ? undefined : way.size + open
    way.size += entry.bytes.length
  }

  function lookInto(way: Way, bytes: Uint8Array, [start, end]: readonly [number, number]): void {
    const found = way.content.push(bytes.subarray(start, end), way.size + start)
    for (const [start, end] of found) hide(way, start, end)
  }

  /** Half a secret at the end of everything is hidden, too. */
  function close(way: Way): void {
    if (way.open !== undefined) hide(way, way.open, way.size)
    for (const [start, end] of way.content.close()) hide(way, start, end)
    way.open = undefined
  }

  return {
    add(entry) {
      waiting.push(entry)
      if (entry.kind === 'bytes') look(entry)
      if (entry.kind === 'fin') close(ways[entry.direction])
      release()
    },
    learn(secret) {
      for (const { search, content } of [ways.up, ways.down]) {
        search.learn(secret)
        content.learn(secret)
      }
    },
    flush() {
      close(ways.up)
      close(ways.down)
      release()
    },
  }
}

function hide({ waiting }: Way, from: number, to: number): void {
  for (const { entry, start } of waiting) {
    entry.bytes.fill(STAR, Math.max(0, from - start), Math.max(0, to - start))
  }
}
