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
}

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
export function createMaskedEntries({ record, secrets, createMask }: MaskedEntriesSetup): MaskedEntries {
  let waiting: RecordedRead[] = []
  const createWay = (direction: RecordedDirection): Way => ({
    search: createSecretSearch(secrets),
    mask: createMask(direction),
    waiting: [],
    size: 0,
    open: undefined,
  })
  const ways: Readonly<Record<RecordedDirection, Way>> = { up: createWay('up'), down: createWay('down') }

  function isHeld(entry: RecordedRead): boolean {
    if (entry.kind !== 'bytes') return false
    const { waiting, open } = ways[entry.direction]
    const start = waiting.find((other) => other.entry === entry)?.start ?? 0
    return open !== undefined && start + entry.bytes.length > open
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
    for (const [start, end] of found) hide(way, way.size + start, way.size + end)
    way.open = open === undefined ? undefined : way.size + open
    way.size += entry.bytes.length
  }

  /** Half a secret at the end of everything is hidden, too. */
  function close(way: Way): void {
    if (way.open !== undefined) hide(way, way.open, way.size)
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
      ways.up.search.learn(secret)
      ways.down.search.learn(secret)
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
