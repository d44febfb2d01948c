import { Duplex } from 'node:stream'
import type { Connection } from '@sse-from-scratch/tcp-echo'

/** A connection as a stream of Node, for TLS to run over. From then on it is the stream's: leave it alone. */
export function duplexOver(connection: Connection): Duplex {
  const stream = new Duplex({
    allowHalfOpen: true,
    read() {
      connection.read().then(
        (bytes) => stream.push(bytes),
        (error: Error) => stream.destroy(error),
      )
    },
    write(bytes: Uint8Array, _encoding, done) {
      connection.write(bytes).then(() => done(), done)
    },
    final(done) {
      connection.end().then(() => done(), done)
    },
    destroy(error, done) {
      if (error || !stream.readableEnded || !stream.writableFinished) connection.abort(error ?? undefined)
      done(null) // whoever reads has been told
    },
  })
  return stream
}
