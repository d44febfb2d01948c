import type { Connection } from './connection.ts'
import { wrapConnection } from './wrap-connection.ts'

/** What happens on a connection, as its owner sees it: `read` is what the peer does, `write` what we do. */
export type Overheard =
  /** Bytes of a read, when they reach the reader, or of a write, when they are handed over. A view: copy what you keep. */
  | { readonly kind: 'bytes'; readonly direction: 'read' | 'write'; readonly bytes: Uint8Array }
  /** An end: the reader has been told of the peer's, or we have begun ours. At most one a direction. */
  | { readonly kind: 'fin'; readonly direction: 'read' | 'write' }
  /** A read has rejected, and not because of our own abort. */
  | { readonly kind: 'broken'; readonly error: unknown }
  /** We have aborted it, while it was open. At most one. */
  | { readonly kind: 'abort' }
  /** We have let go of it, by an abort or a dispose. */
  | { readonly kind: 'released' }

/**
 * The same connection, overheard. Bytes that are given back are not heard a second time.
 *
 * The listener is told of what has been done: one that throws fails the read or write it was told of, so it had better
 * not, but it cannot keep a connection open.
 */
export function overhear(connection: Connection, listener: (event: Overheard) => void): Connection {
  let unread = 0 // bytes that will come again
  const ended = { read: false, write: false }
  let aborted = false

  function hear(direction: 'read' | 'write', bytes: Uint8Array): void {
    if (bytes.length > 0) listener({ kind: 'bytes', direction, bytes })
  }

  function hearEnd(direction: 'read' | 'write'): void {
    if (ended[direction] || aborted) return
    ended[direction] = true
    listener({ kind: 'fin', direction })
  }

  return wrapConnection(connection, {
    async read() {
      const bytes = await connection.read().catch((error: unknown) => {
        if (!aborted) listener({ kind: 'broken', error })
        throw error
      })
      if (bytes === null) {
        hearEnd('read')
        return null
      }
      const again = Math.min(unread, bytes.length)
      unread -= again
      hear('read', bytes.subarray(again))
      return bytes
    },
    unread(bytes) {
      unread += bytes.length
      connection.unread(bytes)
    },
    write(...parts) {
      const written = connection.write(...parts)
      for (const part of parts) hear('write', part)
      return written // as it is: its caller need not wait for it, and neither may we
    },
    async end() {
      const finished = connection.end()
      finished.catch(() => {}) // should the listener throw, nobody waits for it
      hearEnd('write')
      await finished
    },
    abort(reason) {
      const wasOpen = !aborted && !connection.signal.aborted
      aborted = true
      connection.abort(reason)
      if (wasOpen) listener({ kind: 'abort' })
      listener({ kind: 'released' })
    },
    async [Symbol.asyncDispose]() {
      const gone = connection[Symbol.asyncDispose]()
      hearEnd('write')
      listener({ kind: 'released' })
      await gone
    },
  })
}
