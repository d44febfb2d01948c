import { CREDENTIALS } from '@sse-from-scratch/http-raw/headers'
import { createHeadMask } from './head-mask.ts'
import { createMaskedEntries, type MaskedEntriesSetup } from './masked-entries.ts'
import type { ContentPart } from './masked-way.ts'
import type { RecordedDirection, RecordedRead } from './recorded-read.ts'
import { createResponseContent } from './response-content.ts'

/** A secret shorter than this is hidden where it is a field's value, and not wherever its few letters come. */
const LEAST_SECRET = 8

export interface RecorderSetup {
  readonly record: (entry: RecordedRead) => void
  readonly secrets: readonly string[]
  /** Lower-case names of fields to hide, besides those that are known to be credentials. */
  readonly secretNames: readonly string[]
  /** Milliseconds, from anywhere. */
  readonly now?: () => number
}

/** Makes entries of what connections carry. */
export interface Recorder {
  /** The next connection, for one exchange. */
  connect(about: { readonly address: string; readonly tls?: string }): ConnectionRecorder
}

/** What happens to one connection. */
export interface ConnectionRecorder {
  bytes(direction: RecordedDirection, bytes: Uint8Array): void
  fin(direction: RecordedDirection): void
  reset(direction: RecordedDirection): void
  error(code: string): void
  /** Nothing more comes: what was held back is recorded. */
  close(): void
}

export function createRecorder(setup: RecorderSetup): Recorder {
  const { record, now = () => performance.now() } = setup
  const start = now()
  const secrets = setup.secrets.filter((secret) => secret.length >= LEAST_SECRET)
  const names = new Set([...CREDENTIALS, ...setup.secretNames])
  let connections = 0

  return {
    connect(about) {
      const connection = ++connections
      const entries = createMaskedEntries({ record, secrets, ...createMasks(names) })
      const here = () => ({ at: now() - start, connection })
      entries.add({ kind: 'open', ...here(), ...about })
      return {
        bytes(direction, bytes) {
          if (bytes.length > 0) entries.add({ kind: 'bytes', ...here(), direction, bytes: Uint8Array.from(bytes) })
        },
        fin: (direction) => entries.add({ kind: 'fin', ...here(), direction }),
        reset: (direction) => entries.add({ kind: 'reset', ...here(), direction }),
        error: (code) => entries.add({ kind: 'error', ...here(), code }),
        close: () => entries.flush(),
      }
    },
  }
}

/** For one connection: hides credentials in fields, and says where the content of its response is. A request's is in one piece. */
function createMasks(names: ReadonlySet<string>): Required<Pick<MaskedEntriesSetup, 'createMask' | 'contentIn'>> {
  const contentOf = createResponseContent()
  let content: readonly ContentPart[] = []
  return {
    createMask(direction) {
      const mask = createHeadMask((name) => names.has(name))
      return (bytes) => {
        if (direction === 'down') content = contentOf(bytes)
        mask(bytes)
      }
    },
    contentIn: (direction) => (direction === 'down' ? content : []),
  }
}
