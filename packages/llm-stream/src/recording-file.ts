import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { CREDENTIALS } from '@sse-from-scratch/http-raw/headers'
import type { RecordedDirection, RecordedRead } from './recorded-read.ts'
import { encodeRecordedRead, encodeRecordingHead } from './recording.ts'

/** What a recording file says of itself, and how far the disk may fall behind. */
export interface RecordingFileOptions {
  /** The origin that is asked, for the first line. */
  readonly target: string
  /** Bytes that may wait for the disk; what comes beyond them becomes a gap. 16 MiB. */
  readonly maxUnwritten?: number
  /** Told once when the disk fails, if it does: nothing more is written then. `close` rejects with the same. */
  readonly onError?: (error: Error) => void
}

/** A recording that is being written. */
export interface RecordingFile extends AsyncDisposable {
  /** What to give the next chat as `record`: its connections are counted on, its times are times of this file. */
  next(): (entry: RecordedRead) => void
  /** Resolves when everything is on the disk; rejects with what went wrong there. */
  close(): Promise<void>
}

/**
 * Writes a recording (`.xray.jsonl`). The file must not be there yet, and only its owner may read it (mode 0600): secrets
 * are stars, what was asked and answered is not. Nobody waits for the disk: if it is too slow, a line says how many bytes
 * are missing.
 *
 * Rejects with the error of node:fs when the file cannot be made, `EEXIST` if it is there.
 */
export async function openRecordingFile(path: string, options: RecordingFileOptions): Promise<RecordingFile> {
  const { target, maxUnwritten = 16 * 1024 * 1024, onError = () => {} } = options
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  const start = performance.now()
  const missing = new Map<string, number>() // bytes, by connection and direction
  let connections = 0
  let failure: Error | undefined
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve())
    file.once('error', reject)
  })
  file.on('error', (error) => {
    failure = error
    onError(error)
  })
  file.write(encodeRecordingHead({ startedAt: new Date().toISOString(), target, redacted: CREDENTIALS }))

  function write(entry: RecordedRead): void {
    if (failure || file.writableEnded) return
    if (entry.kind === 'bytes' && file.writableLength > maxUnwritten) {
      const key = `${entry.direction} ${entry.connection}`
      missing.set(key, (missing.get(key) ?? 0) + entry.bytes.length)
      return
    }
    for (const direction of ['up', 'down'] as const) writeGap(entry, direction)
    file.write(encodeRecordedRead(entry))
  }

  function writeGap({ at, connection }: RecordedRead, direction: RecordedDirection): void {
    const key = `${direction} ${connection}`
    const size = missing.get(key)
    if (size === undefined) return
    missing.delete(key)
    file.write(encodeRecordedRead({ kind: 'gap', at, connection, direction, size }))
  }

  async function close(): Promise<void> {
    if (!file.destroyed) file.end()
    if (!file.closed) await finished(file).catch(() => {}) // our listener is told first
    if (file.errored) throw file.errored // `failure` may be a turn behind
  }

  return {
    next() {
      const later = performance.now() - start
      const before = connections
      return (entry) => {
        const connection = before + entry.connection
        connections = Math.max(connections, connection)
        write({ ...entry, at: later + entry.at, connection })
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
