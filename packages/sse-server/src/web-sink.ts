import { createBackpressure } from './backpressure.ts'
import { SessionError } from './errors.ts'
import type { EventSink } from './event-sink.ts'

/** How many bytes may wait for the reader before `write` asks to wait. */
const HIGH_WATER_MARK = 64 * 1024

/** A sink on one side, the body of a Response on the other. `request` aborts when the platform sees the client leave. */
// Not a byte stream: that would detach the bytes, which other sessions are being sent as well.
export function createStreamSink(request: AbortSignal): { sink: EventSink; body: ReadableStream<Uint8Array> } {
  const gone = new AbortController()
  const room = createBackpressure()
  let stream!: ReadableStreamDefaultController<Uint8Array>
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        stream = controller
      },
      pull: room.release, // called as long as there is room
      cancel: (reason) => leave(reason),
    },
    { highWaterMark: HIGH_WATER_MARK, size: (bytes) => bytes.byteLength },
  )
  let open = true

  function close(): void {
    open = false
    request.removeEventListener('abort', requestAborted) // some platforms keep this signal longer than the request
  }

  function leave(cause: unknown): void {
    close()
    gone.abort(new SessionError('SSE_CLIENT_GONE', 'the client is gone', { cause }))
    room.fail(gone.signal.reason)
  }

  function requestAborted(): void {
    leave(request.reason)
    // A platform that sees the client leave cancels the body in the same breath, and then there is nobody to tell. Told
    // first, it would take that for a failure of ours: @hono/node-server prints it.
    queueMicrotask(() => stream.error(request.reason))
  }

  request.addEventListener('abort', requestAborted, { once: true })
  if (request.aborted) requestAborted()

  const sink: EventSink = {
    signal: gone.signal,
    get unsent() {
      return open ? HIGH_WATER_MARK - (stream.desiredSize ?? 0) : 0
    },
    write(bytes) {
      gone.signal.throwIfAborted()
      stream.enqueue(bytes)
      return (stream.desiredSize ?? 0) > 0 ? undefined : room.wait()
    },
    push(bytes) {
      gone.signal.throwIfAborted()
      stream.enqueue(bytes)
    },
    end() {
      close()
      stream.close() // what is queued is still read; the platform has it from here
    },
    abort(reason) {
      if (open) stream.error(reason)
      leave(reason)
    },
  }
  return { sink, body }
}
