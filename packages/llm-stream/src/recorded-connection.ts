import { type Connection, overhear } from '@sse-from-scratch/tcp-echo'
import { objectOf, textOf } from './json.ts'
import type { ConnectionRecorder } from './recorder.ts'

const DIRECTION = { read: 'down', write: 'up' } as const

/** The same connection, recorded: each read when it reaches the reader, each write when it is handed over. */
export function recordedConnection(connection: Connection, recorder: ConnectionRecorder): Connection {
  return overhear(connection, (event) => {
    switch (event.kind) {
      case 'bytes':
        return recorder.bytes(DIRECTION[event.direction], event.bytes)
      case 'fin':
        recorder.fin(DIRECTION[event.direction])
        return event.direction === 'read' ? recorder.close() : undefined
      case 'broken':
        return breakOff(event.error, recorder)
      case 'abort':
        return recorder.reset('up')
      case 'released':
        return recorder.close()
    }
  })
}

function breakOff(error: unknown, recorder: ConnectionRecorder): void {
  const code = textOf(objectOf(error)['code'])
  if (code === 'TCP_RESET') recorder.reset('down')
  else recorder.error(code || 'TCP_FAILED')
  recorder.close()
}
