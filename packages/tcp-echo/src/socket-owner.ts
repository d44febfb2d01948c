import type { Socket } from 'node:net'

/** What happens on a socket, told to whoever owns it. */
export interface SocketEvents<Owner> {
  onBytes(owner: Owner, bytes: Uint8Array): void
  onFin(owner: Owner): void
  /** No byte for as long as `setTimeout` said. */
  onQuiet(owner: Owner): void
  onError(owner: Owner, error: Error): void
  /** The last of them. */
  onClosed(owner: Owner): void
}

const OWNER = Symbol('owner')

/**
 * Makes the way in which an owner is told from now on: by listeners that are the same for all sockets, and find the owner there. A
 * set for each would take a quarter of a kilobyte.
 */
export function owning<Owner>(events: SocketEvents<Owner>): (socket: Socket, owner: Owner) => void {
  type OwnedSocket = Socket & { [OWNER]: Owner }

  function onData(this: OwnedSocket, bytes: Uint8Array): void {
    events.onBytes(this[OWNER], bytes)
  }
  function onEnd(this: OwnedSocket): void {
    events.onFin(this[OWNER])
  }
  function onTimeout(this: OwnedSocket): void {
    events.onQuiet(this[OWNER])
  }
  function onError(this: OwnedSocket, error: Error): void {
    events.onError(this[OWNER], error)
  }
  function onClose(this: OwnedSocket): void {
    events.onClosed(this[OWNER])
  }

  return (socket, owner) => {
    Object.assign(socket, { [OWNER]: owner })
    socket.on('data', onData)
    socket.on('end', onEnd)
    socket.on('timeout', onTimeout)
    socket.on('error', onError)
    socket.on('close', onClose)
  }
}
