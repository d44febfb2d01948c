import type { Socket } from 'node:net'

/**
 * Holds writes back until the current turn of the event loop has done its work, so that they leave as one.
 *
 * Thirty-two small events written in one turn are then one system call and one segment, not thirty-two.
 */
export function createWriteJoiner(socket: Socket): () => void {
  let joining = false
  const release = () => {
    joining = false
    socket.uncork()
  }
  return () => {
    if (joining) return
    joining = true
    socket.cork()
    process.nextTick(release)
  }
}
