import type { Connection } from '@sse-from-scratch/tcp-echo'

/** A connection that is listened to while nobody uses it: whatever it says then, it is not good for another exchange. */
export interface KeptConnection {
  /** The same, for a lease. Its first read is the one with which we have been listening. */
  readonly connection: Connection
  /** A byte has been read since {@link lend}. */
  readonly heard: boolean
  /** Neither a byte, nor FIN, nor RST has come while nobody asked for anything. */
  readonly silent: boolean
  /** Listens. `disturbed` runs as soon as it is no longer silent. */
  listen(disturbed: () => void): void
  /** What comes from here on is for whoever reads. `gone` runs if the connection ends before we listen again. */
  lend(gone: () => void): void
}

export function keptConnection(inner: Connection): KeptConnection {
  let listening: Promise<Uint8Array | null> | undefined
  let disturbed: (() => void) | undefined
  let gone: (() => void) | undefined
  let silent = true
  let heard = false
  inner.signal.addEventListener('abort', () => gone?.(), { once: true })

  function disturb(): void {
    silent = false
    disturbed?.()
  }

  /** The first read of a lease: after it, nothing stands between the reader and the connection. */
  async function firstRead(): Promise<Uint8Array | null> {
    const read = listening ?? inner.read()
    listening = undefined
    const bytes = await read
    heard = bytes !== null
    return bytes
  }

  const connection: Connection = {
    local: inner.local,
    remote: inner.remote,
    signal: inner.signal,
    get unsent() {
      return inner.unsent
    },
    read: () => (heard ? inner.read() : firstRead()),
    unread: (bytes) => inner.unread(bytes),
    write: (...parts) => inner.write(...parts),
    end: () => inner.end(),
    abort: (reason) => inner.abort(reason),
    unref: () => inner.unref?.(),
    ref: () => inner.ref?.(),
    async *[Symbol.asyncIterator]() {
      for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) yield bytes
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }

  return {
    connection,
    get heard() {
      return heard
    },
    get silent() {
      return silent
    },
    listen(onDisturbed) {
      disturbed = onDisturbed
      gone = undefined
      silent = true
      listening = inner.read()
      listening.then(disturb, disturb)
    },
    lend(onGone) {
      disturbed = undefined
      gone = onGone
      heard = false
      if (inner.signal.aborted) onGone()
    },
  }
}
