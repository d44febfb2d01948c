import { type Connection, overhear, TcpError } from '@sse-from-scratch/tcp-echo'
import type { ConnectionRecorder } from './recorder.ts'

const AS_CLIENT = { read: 'down', write: 'up', ours: 'up', theirs: 'down' } as const
const AS_SERVER = { read: 'up', write: 'down', ours: 'down', theirs: 'up' } as const

/**
 * The same connection, recorded: each read when it reaches the reader, each write when it is handed over.
 *
 * `side` says whose end it is: what a client reads comes `down`, what a server reads goes `up`. Default `client`.
 */
export function recordConnection(
  connection: Connection,
  recorder: ConnectionRecorder,
  side: 'client' | 'server' = 'client',
): Connection {
  const direction = side === 'client' ? AS_CLIENT : AS_SERVER
  return overhear(connection, (event) => {
    switch (event.kind) {
      case 'bytes':
        return recorder.bytes(direction[event.direction], event.bytes)
      case 'fin':
        return recorder.fin(direction[event.direction])
      case 'broken':
        return breakOff(event.error)
      case 'abort':
        return recorder.reset(direction.ours)
      case 'released':
        return undefined // said already: it ended, or was aborted
    }
  })

  function breakOff(error: unknown): void {
    const code = error instanceof TcpError ? error.code : 'TCP_FAILED'
    if (code === 'TCP_RESET') recorder.reset(direction.theirs)
    else recorder.error(code)
  }
}
