import type { Socket } from 'node:net'
import { copyParts } from './copies.ts'

/** Up to here one copy is cheaper than many parts; above it the kernel is given the parts as they are. */
const MOST_COPIED = 16 * 1024

const NOTHING: Uint8Array[] = [] // never changed

/** What was joined last in the turn that is ending, and what it was made of. */
let lastParts: readonly Uint8Array[] = NOTHING
let lastJoined: Uint8Array | undefined
let isJoiningOnce = false

/** Runs `work`; what it sends twice in a row is joined once. Only for work that runs nobody who could change a part. */
export function joinOnce(work: () => void): void {
  isJoiningOnce = true
  work()
  isJoiningOnce = false
  lastParts = NOTHING
  lastJoined = undefined
}

/** Gives the parts to the socket, as one write or as few. Throws if bytes have been transferred meanwhile. */
export function send(socket: Socket, parts: readonly Uint8Array[], size: number): void {
  const [first] = parts
  if (parts.length === 1 && first?.length !== size) throw givenAway()
  if (first && parts.length === 1) socket.write(first)
  else if (size <= MOST_COPIED) socket.write(joinedOnce(parts, size))
  else {
    socket.cork()
    for (const part of parts) socket.write(part)
    socket.uncork()
  }
}

/** At the end of a turn, and only then, nobody runs who could change a part between two sockets. */
function joinedOnce(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (!isJoiningOnce) return joined(parts, size)
  if (lastJoined && sameParts(parts, lastParts)) return lastJoined
  lastParts = parts
  lastJoined = joined(parts, size)
  return lastJoined
}

function sameParts(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  if (some.length !== others.length) return false
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false
  return true
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = Buffer.allocUnsafe(size)
  if (copyParts(parts, all, 0) !== size) throw givenAway()
  return all
}

/** A transferred buffer has no length. What would be in its place has been in other hands. */
function givenAway(): TypeError {
  return new TypeError('bytes that had been written were transferred before they could be sent')
}
