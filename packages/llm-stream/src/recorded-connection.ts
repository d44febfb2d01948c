import type { Lease } from '@sse-from-scratch/http-raw'
import { objectOf, textOf } from './json.ts'
import type { ConnectionRecorder } from './recorder.ts'

type Connection = Lease['connection']

/** The same connection, recorded: each read when it reaches the reader, each write when it is handed over. */
export function recordedConnection(connection: Connection, recorder: ConnectionRecorder): Connection {
  let unread = 0 // bytes that will come again
  let aborted = false
  let ended = false

  async function read(): Promise<Uint8Array | null> {
    const bytes = await connection.read().catch((error: unknown) => {
      if (!aborted) breakOff(error)
      throw error
    })
    if (bytes === null) {
      recorder.fin('down')
      recorder.close()
      return null
    }
    const again = Math.min(unread, bytes.length)
    unread -= again
    recorder.bytes('down', bytes.subarray(again))
    return bytes
  }

  function breakOff(error: unknown): void {
    const code = textOf(objectOf(error)['code'])
    if (code === 'TCP_RESET') recorder.reset('down')
    else recorder.error(code || 'TCP_FAILED')
    recorder.close()
  }

  function end(): void {
    if (!ended && !aborted) recorder.fin('up')
    ended = true
  }

  return {
    local: connection.local,
    remote: connection.remote,
    signal: connection.signal,
    get unsent() {
      return connection.unsent
    },
    read,
    unread(bytes) {
      unread += bytes.length
      connection.unread(bytes)
    },
    write(...parts) {
      for (const part of parts) recorder.bytes('up', part)
      return connection.write(...parts)
    },
    end() {
      end()
      return connection.end()
    },
    abort(reason) {
      if (!aborted && !connection.signal.aborted) recorder.reset('up')
      aborted = true
      recorder.close()
      connection.abort(reason)
    },
    ...(connection.ref && { ref: () => connection.ref?.() }),
    ...(connection.unref && { unref: () => connection.unref?.() }),
    async *[Symbol.asyncIterator]() {
      for (let bytes = await read(); bytes !== null; bytes = await read()) yield bytes
    },
    [Symbol.asyncDispose]() {
      end()
      recorder.close()
      return connection[Symbol.asyncDispose]()
    },
  }
}
