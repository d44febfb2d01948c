import { type OutgoingBody, SharedPiece } from '@sse-from-scratch/http-raw'
import type { EventSink } from './event-sink.ts'

/** A body of http-raw as a sink that shares what is made of an event between all who are sent it. */
export class BodySink implements EventSink {
  /** That of the connection: it is there already, and a session lets go of it when it is over. */
  readonly signal: AbortSignal
  readonly #body: OutgoingBody

  constructor(body: OutgoingBody, signal: AbortSignal) {
    this.#body = body
    this.signal = signal
  }

  get unsent(): number {
    return this.#body.unsent
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#body.write(bytes)
  }

  push(bytes: Uint8Array): void {
    void this.#body.writeShared(shared(bytes))
  }

  end(): Promise<void> {
    return this.#body.end()
  }

  abort(reason?: unknown): void {
    this.#body.abort(reason)
  }
}

let latest = new SharedPiece(new Uint8Array(0))

/** A publisher sends the same bytes to one session after the other. */
function shared(bytes: Uint8Array): SharedPiece {
  if (latest.data !== bytes) latest = new SharedPiece(bytes)
  return latest
}
