import { type IncomingRequest, type OutgoingBody, SharedPiece } from '@sse-from-scratch/http-raw'
import type { EventSink, SinkWatcher } from './event-sink.ts'
import { follow } from './follow.ts'

type Connection = IncomingRequest['connection']

/** A body of http-raw as a sink that shares what is made of an event between all who are sent it. */
export class BodySink implements EventSink {
  readonly #body: OutgoingBody
  readonly #connection: Connection
  #unfollow: (() => void) | undefined // of a connection that can only be asked for its signal

  constructor(body: OutgoingBody, connection: Connection) {
    this.#body = body
    this.#connection = connection
  }

  /** That of the connection: a session lets go of it when it is over. */
  get signal(): AbortSignal {
    return this.#connection.signal
  }

  watch(watcher: SinkWatcher): void {
    if (this.#connection.watch) this.#connection.watch(watcher)
    else this.#unfollow = follow(this.#connection.signal, watcher)
  }

  unwatch(watcher: SinkWatcher): void {
    this.#connection.unwatch?.(watcher)
    this.#unfollow?.()
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
