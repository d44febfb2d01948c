import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Fields } from './fields.ts'
import type { IncomingRequest } from './handler.ts'
import type { HttpVersion, RequestHead } from './head.ts'
import type { IncomingBody } from './incoming-body.ts'
import type { Responder } from './respond.ts'

/** A request as its handler sees it. Its signal is made when it is asked for. */
export class ServerRequest implements IncomingRequest {
  readonly method: string
  readonly target: string
  readonly version: HttpVersion
  readonly fields: Fields
  readonly body: IncomingBody
  readonly connection: Connection
  readonly #responder: Responder

  constructor(head: RequestHead, body: IncomingBody, responder: Responder, connection: Connection) {
    this.method = head.method
    this.target = head.target
    this.version = head.version
    this.fields = head.fields
    this.body = body
    this.connection = connection
    this.#responder = responder
  }

  get signal(): AbortSignal {
    return this.#responder.peer.signal
  }
}
