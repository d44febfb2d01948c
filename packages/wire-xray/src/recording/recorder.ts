import type { RecordedDirection, RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { createEntryMask, type EntryMaskOptions } from './entry-mask.ts'

/** Who gets the entries of a recording, what is secret, and by which clock. */
export interface RecorderOptions extends EntryMaskOptions {
  /** Milliseconds from any beginning. Default `performance.now`. */
  readonly now?: () => number
}

/** Makes the entries of a recording of what connections carry. */
export interface Recorder {
  /** The next connection: it is there. `address` is of the server, with its port. */
  open(about?: { readonly address?: string; readonly tls?: string; readonly alpn?: string }): ConnectionRecorder
  /** Nothing more comes: what was held back is recorded. */
  close(): void
}

/** Takes down what happens to one connection. None of it throws, and none of it waits. */
export interface ConnectionRecorder {
  /** One read or write. The bytes are copied. */
  bytes(direction: RecordedDirection, bytes: Uint8Array): void
  fin(direction: RecordedDirection): void
  /** A RST, by the server (`down`) or by the client (`up`). */
  reset(direction: RecordedDirection): void
  /** It broke in another way; a code such as `TCP_TIMEOUT`. */
  error(code: string): void
  /** Nothing happened for so long, and nothing more will be recorded. */
  stall(milliseconds: number): void
  /** Bytes that went by and are not recorded. */
  gap(direction: RecordedDirection, size: number): void
}

/** A happening without its time and connection. */
type Happening = RecordedRead extends infer Entry
  ? Entry extends unknown
    ? Omit<Entry, 'at' | 'connection'>
    : never
  : never

/** Records connections with bytes and times, one entry a read, secrets masked as {@link createEntryMask} does. */
export function createRecorder({ now = () => performance.now(), ...options }: RecorderOptions): Recorder {
  const mask = createEntryMask(options)
  const start = now()
  let connections = 0
  return {
    open(about = {}) {
      const connection = ++connections
      const add = (happening: Happening): void => mask.take({ ...happening, at: now() - start, connection })
      add({ kind: 'open', ...about })
      return {
        bytes(direction, bytes) {
          if (bytes.length > 0) add({ kind: 'bytes', direction, bytes })
        },
        fin: (direction) => add({ kind: 'fin', direction }),
        reset: (direction) => add({ kind: 'reset', direction }),
        error: (code) => add({ kind: 'error', code }),
        stall: (milliseconds) => add({ kind: 'stall', milliseconds }),
        gap: (direction, size) => add({ kind: 'gap', direction, size }),
      }
    },
    close: () => mask.close(),
  }
}
