import type { Connection } from '@sse-from-scratch/tcp-echo'
import { hasEnded, type OutgoingBodyOptions, quietly } from './outgoing.ts'
import type { OutgoingBody } from './outgoing-body.ts'

/** The body of an answer that has none, or has been sent whole: one for all of a connection, whose `peer` is who asks now. */
export class EndedBody implements OutgoingBody {
  readonly #connection: Connection
  readonly #options: OutgoingBodyOptions

  constructor(connection: Connection, options: OutgoingBodyOptions) {
    this.#connection = connection
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.#options.peer.signal
  }

  get unsent(): number {
    return this.#connection.unsent
  }

  async write(): Promise<void> {
    throw hasEnded()
  }

  writeShared(): Promise<void> {
    return quietly(Promise.reject(hasEnded()))
  }

  async end(): Promise<void> {}

  abort(): void {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
