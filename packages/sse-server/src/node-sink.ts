import type { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { createBackpressure } from './backpressure.ts'
import { SessionError } from './errors.ts'
import type { EventSink } from './event-sink.ts'

/** A response of node:http as a sink. */
export function createResponseSink(req: IncomingMessage, res: ServerResponse): EventSink {
  const gone = new AbortController()
  const room = createBackpressure()
  let failure: Error | undefined

  function leave(): void {
    gone.abort(new SessionError('SSE_CLIENT_GONE', 'the client closed the connection', { cause: failure }))
    room.fail(gone.signal.reason)
  }

  // Comes after `finish`, or instead of it. But a response that still queues behind a pipelined one never hears it:
  // Node has not introduced it to the socket yet, so we listen there too.
  res.once('close', leave)
  req.socket.once('close', leave)
  res.once('close', () => req.socket.off('close', leave)) // a kept-alive socket outlives many responses
  res.on('drain', room.release)
  res.on('error', (error) => {
    failure = error
  })

  return {
    signal: gone.signal,
    get unsent() {
      return res.writableLength
    },
    write(bytes) {
      gone.signal.throwIfAborted()
      return res.write(bytes) ? undefined : room.wait()
    },
    push(bytes) {
      if (!gone.signal.aborted) res.write(bytes)
    },
    end: () =>
      new Promise((resolve) => {
        res.once('finish', resolve).once('close', resolve).end()
      }),
    abort: () => reset(req, res),
  }
}

/**
 * Drops the connection with RST, as a cut. FIN would be the end of a body without framing, which is what HTTP/1.0
 * clients get, and would leave megabytes in the kernel for a reader that has stopped.
 */
// A TLS socket cannot reset the one under it; an HTTP/2 stream must not reset what it shares with others.
function reset(req: IncomingMessage, res: ServerResponse): void {
  const { socket } = res
  const plain = req.httpVersionMajor < 2 && socket instanceof Socket && !('encrypted' in socket)
  if (plain) socket.resetAndDestroy()
  else res.destroy()
}
