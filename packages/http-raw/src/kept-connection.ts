import type { Connection } from '@sse-from-scratch/tcp-echo'
import { createWaitTimer, type WaitTimer } from './wait-timer.ts'

/** A connection that is listened to while nobody uses it: whatever it says then, it is not good for another exchange. */
export interface KeptConnection {
  /** The same, for a lease. Its first read is the one with which we have been listening. */
  readonly connection: Connection
  /** For the one wait that there is at a time: of a lease, or to be used again. */
  readonly timer: WaitTimer
  /** A byte has been read since {@link lend}. */
  readonly heard: boolean
  /** Neither a byte, nor FIN, nor RST has come while nobody asked for anything. */
  readonly silent: boolean
  /** Whether what has come before is known as soon as {@link listen} returns: then it was silent until then, if it is. */
  readonly prompt: boolean
  /** Listens. `disturbed` runs as soon as it is no longer silent. */
  listen(disturbed: () => void): void
  /** What comes from here on is for whoever reads. `gone` runs if the connection ends before we listen again. */
  lend(gone: () => void): void
}

export function keptConnection(inner: Connection): KeptConnection {
  const timer = createWaitTimer()
  let listening: Promise<Uint8Array | null> | undefined
  let disturbed: (() => void) | undefined // while nobody uses it
  let gone: (() => void) | undefined // while somebody does
  let silent = true
  let heard = false
  inner.signal.addEventListener('abort', onAbort, { once: true })

  function onAbort(): void {
    timer.cancel()
    gone?.()
  }

  function onFirst(bytes: Uint8Array | null): void {
    if (disturbed) disturb()
    else heard = bytes !== null
  }

  function onBroken(): void {
    if (disturbed) disturb()
  }

  function disturb(): void {
    silent = false
    disturbed?.()
  }

  /** The first read of a lease: after it, nothing stands between the reader and the connection. */
  function firstRead(): Promise<Uint8Array | null> {
    if (listening === undefined) listen()
    const read = listening as unknown as Promise<Uint8Array | null>
    listening = undefined
    return read
  }

  /** A promise would tell a turn of the microtask queue later, when somebody else may be using the connection. */
  function listen(): void {
    listening = inner.receive ? receive() : inner.read()
    if (!inner.receive) listening.then(onFirst, onBroken)
  }

  function receive(): Promise<Uint8Array | null> {
    const received = new Promise<Uint8Array | null>((resolve, reject) => {
      inner.receive?.({
        onBytes(bytes) {
          onFirst(bytes)
          resolve(bytes)
        },
        onBroken(error) {
          onBroken()
          reject(error)
        },
      })
    })
    received.catch(() => {}) // whoever reads it hears of it
    return received
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
    timer,
    prompt: inner.receive !== undefined,
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
      listen()
    },
    lend(onGone) {
      disturbed = undefined
      gone = onGone
      heard = false
      if (inner.signal.aborted) onGone()
    },
  }
}
