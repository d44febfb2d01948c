import { type ContentPart, createMaskedWay, type MaskedWay } from './masked-way.ts'
import type { RecordedDirection, RecordedRead } from './recorded-read.ts'

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

/** The entries of one connection, on their way to be recorded. */
export interface MaskedEntries {
  /** Takes an entry over; bytes are changed in place. */
  add(entry: RecordedRead): void
  /** From the next entry on this is a secret, too. */
  learn(secret: string): void
  /** Nothing more comes. */
  flush(): void
}

/**
 * Puts stars for secrets, one for a byte, and records in order. An entry that ends with what may be the beginning of a
 * secret waits for the next one, and with it all that come after it: what has been recorded cannot be taken back, and
 * what is no secret is to be recorded as it was.
 */
export function createMaskedEntries(setup: MaskedEntriesSetup): MaskedEntries {
  const { record, secrets, createMask, contentIn = () => [] } = setup
  let waiting: RecordedRead[] = []
  const createWay = (direction: RecordedDirection): MaskedWay =>
    createMaskedWay({ secrets, mask: createMask(direction), contentIn: () => contentIn(direction) })
  const ways: Readonly<Record<RecordedDirection, MaskedWay>> = { up: createWay('up'), down: createWay('down') }

  function isHeld(entry: RecordedRead): boolean {
    return entry.kind === 'bytes' && ways[entry.direction].holds(entry)
  }

  function release(): void {
    const held = waiting.findIndex(isHeld)
    const ready = held === -1 ? waiting : waiting.slice(0, held)
    waiting = held === -1 ? [] : waiting.slice(held)
    for (const entry of ready) {
      if (entry.kind === 'bytes') ways[entry.direction].shift()
      record(entry)
    }
  }

  return {
    add(entry) {
      waiting.push(entry)
      if (entry.kind === 'bytes') ways[entry.direction].look(entry)
      if (entry.kind === 'fin') ways[entry.direction].close()
      release()
    },
    learn(secret) {
      ways.up.learn(secret)
      ways.down.learn(secret)
    },
    flush() {
      ways.up.close()
      ways.down.close()
      release()
    },
  }
}
