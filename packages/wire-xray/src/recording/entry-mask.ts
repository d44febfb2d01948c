import {
  createMaskedEntries,
  type MaskedEntries,
  type RecordedDirection,
  type RecordedRead,
} from '@sse-from-scratch/llm-stream/recording'
import { type BodyRules, createCredentialMask } from './credential-mask.ts'
import { LEAST_SECRET } from './secret-values.ts'

/** What is to be hidden besides credentials. */
export interface MaskRules extends BodyRules {
  /** Secrets that are known beforehand: stars wherever they come. Those below 8 characters are not looked for. */
  readonly secrets?: readonly string[]
}

/** Who gets the entries, and what is to be hidden in them. */
export interface EntryMaskOptions extends MaskRules {
  /** Gets each entry, in the order of its connection, as `RecordingFile.next()` of llm-stream makes one. */
  readonly record: (entry: RecordedRead) => void
}

/** Hides the secrets in the entries of any number of connections. */
export interface EntryMask {
  /** The next entry. Its bytes are left alone: a copy is handed on. */
  take(entry: RecordedRead): void
  /** Nothing more comes: what was held back is handed on, too. */
  close(): void
}

/**
 * Puts stars for secrets into what is to be recorded, one for a byte, before anybody else sees it: the values of credential
 * fields and of keys in a query, in every head of a connection; and whatever was such a value once, wherever that
 * connection says it again, also in pieces that chunk framing parts. What is compressed is not looked through.
 *
 * An entry that ends with what may be the beginning of a secret waits, and all of its connection that come after it.
 * Behind a `gap` nobody can say where a head begins: what follows in that direction is stars.
 */
export function createEntryMask({ record, secrets = [], ...rules }: EntryMaskOptions): EntryMask {
  const known = secrets.filter((secret) => secret.length >= LEAST_SECRET)
  const connections = new Map<number, Masked>()

  function entriesOf(connection: number): Masked {
    const found = connections.get(connection) ?? createMasked(record, known, rules)
    connections.set(connection, found)
    return found
  }

  return {
    take(entry) {
      const masked = entriesOf(entry.connection)
      masked.add(entry)
      if (!masked.isOver) return
      masked.flush()
      connections.delete(entry.connection)
    },
    close() {
      for (const masked of connections.values()) masked.flush()
      connections.clear()
    },
  }
}

interface Masked {
  add(entry: RecordedRead): void
  flush(): void
  /** Whether both directions have ended. */
  readonly isOver: boolean
}

function createMasked(record: EntryMaskOptions['record'], secrets: readonly string[], rules: BodyRules): Masked {
  const masks = createCredentialMask((secret) => entries.learn(secret), rules)
  const entries: MaskedEntries = createMaskedEntries({
    record,
    secrets,
    createMask: (direction) => (bytes) => masks.mask(direction, bytes),
    contentIn: masks.contentIn,
  })
  const open = new Set<RecordedDirection>(['up', 'down'])
  return {
    add(entry) {
      entries.add(entry.kind === 'bytes' ? { ...entry, bytes: Uint8Array.from(entry.bytes) } : entry)
      if (entry.kind === 'gap') masks.giveUp(entry.direction)
      if (entry.kind === 'fin') open.delete(entry.direction)
      if (entry.kind === 'reset' || entry.kind === 'error' || entry.kind === 'stall') open.clear()
    },
    flush: () => entries.flush(),
    get isOver() {
      return open.size === 0
    },
  }
}
