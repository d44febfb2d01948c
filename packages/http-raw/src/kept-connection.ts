import { type Connection, type Receiver, wrapConnection } from '@sse-from-scratch/tcp-echo'
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
  const receive = receiveOf(inner)
  let listening = false
  let reader: Receiver | undefined // whom the first read of a lease is for, once it is wanted
  let disturbed: (() => void) | undefined // while nobody uses it
  let gone: (() => void) | undefined // while somebody does
  let silent = true
  let heard = false
  inner.signal.addEventListener('abort', onAbort, { once: true })

  function onAbort(): void {
    timer.cancel()
    gone?.()
  }

  const listener: Receiver = {
    onBytes(bytes, mayOverwrite) {
      const first = stopListening()
      if (disturbed) disturb()
      else if (first) {
        heard = bytes !== null
        first.onBytes(bytes, mayOverwrite)
      } else if (bytes) inner.unread(bytes) // lent, and not read yet
    },
    onBroken(error) {
      const first = stopListening()
      if (disturbed) disturb()
      else first?.onBroken(error)
    },
  }

  function listen(): void {
    listening = true
    receive(listener)
  }

  function stopListening(): Receiver | undefined {
    const first = reader
    listening = false
    reader = undefined
    return first
  }

  function disturb(): void {
    silent = false
    disturbed?.()
  }

  /** The first read of a lease: after it, nothing stands between the reader and the connection. */
  function receiveFirst(receiver: Receiver): void {
    if (reader) receiver.onBroken(new TypeError('another read() of this connection is still waiting'))
    else {
      reader = receiver
      if (!listening) listen()
    }
  }

  const connection = wrapConnection(inner, {
    read: () => new Promise((onBytes, onBroken) => connection.receive?.({ onBytes, onBroken })),
    receive: (receiver) => (heard ? receive(receiver) : receiveFirst(receiver)),
  })

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

/** `receive` of any connection; by way of a promise, and so a turn of the microtask queue later, if it has none. */
function receiveOf(connection: Connection): (receiver: Receiver) => void {
  if (connection.receive) return (receiver) => connection.receive?.(receiver)
  return (receiver) =>
    void connection.read().then(
      (bytes) => receiver.onBytes(bytes),
      (error) => receiver.onBroken(error),
    )
}
