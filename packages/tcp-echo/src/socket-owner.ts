import type { Socket } from 'node:net'

/** Who is told what happens on a socket. */
export interface SocketOwner {
  onBytes(bytes: Uint8Array): void
  onFin(): void
  onError(error: Error): void
  /** The last of them. */
  onClosed(): void
}

const OWNER = Symbol('owner')

type OwnedSocket = Socket & { [OWNER]: SocketOwner }

/** From now on `owner` is told, by the same four listeners for all sockets: four for each take a quarter of a kilobyte. */
export function own(socket: Socket, owner: SocketOwner): void {
  Object.assign(socket, { [OWNER]: owner })
  socket.on('data', onData)
  socket.on('end', onEnd)
  socket.on('error', onError)
  socket.on('close', onClose)
}

function onData(this: OwnedSocket, bytes: Uint8Array): void {
  this[OWNER].onBytes(bytes)
}

function onEnd(this: OwnedSocket): void {
  this[OWNER].onFin()
}

function onError(this: OwnedSocket, error: Error): void {
  this[OWNER].onError(error)
}

function onClose(this: OwnedSocket): void {
  this[OWNER].onClosed()
}
