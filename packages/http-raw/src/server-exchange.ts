import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Fields } from './fields.ts'
import type { FollowedSignal } from './follow-signal.ts'
import type { Handler, IncomingRequest } from './handler.ts'
import type { HttpVersion, RequestHead } from './head.ts'
import type { IncomingBody } from './incoming.ts'
import { checkExpectations, expectsContinue } from './persistence.ts'
import { refuse } from './refuse.ts'
import { NO_BODY, type RequestBody, requestBody } from './request-body.ts'
import type { RequestSource } from './request-source.ts'
import { Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'

/** What went wrong. */
export interface ExchangeFailure {
  readonly error: unknown
}

/**
 * Requests and their responses, one after the other, until either side wants no more. Never rejects.
 *
 * A loop, and not an async function for each, which is another promise and another turn of the microtask queue a request.
 */
export async function serveExchanges(
  connection: Connection,
  source: RequestSource,
  handler: Handler,
  settings: ServerSettings,
): Promise<ExchangeFailure | undefined> {
  for (;;) {
    const responder = new Responder(connection, settings, source.release)
    let body: RequestBody | undefined
    try {
      const head = source.takeHead() ?? (await source.nextHead())
      if (head === null) return undefined
      body = requestBody(head, source, settings, responder)
      checkExpectations(head)
      responder.expectsContinue = expectsContinue(head) && settings.version !== '1.0' // in 1.0 there is no 100 to wait for
      responder.request = head // from here on it is the handler's
      await handler(new ServerRequest(head, body?.body ?? NO_BODY, responder.client, connection), responder.respond)
      if (connection.signal.aborted) return undefined // nobody is left to owe anything to
      checkAnswered(responder, head)
      if (!responder.persists || (body && !(await body.drain(settings.drainSize)))) return undefined
    } catch (error) {
      // The client's fault, and not, say, that of a server the handler has asked?
      const fromClient = responder.request === undefined || body?.failure?.error === error
      if (!(await refuse(responder, error, fromClient))) connection.abort(error)
      return { error }
    } finally {
      responder.client.stop()
    }
  }
}

/** Whoever returns has answered: half an answer must not look like a whole one. */
function checkAnswered({ state }: Responder, { method }: RequestHead): void {
  if (state === 'waiting') throw new TypeError('the handler returned without responding')
  if (state === 'answering' && method !== 'HEAD') {
    throw new TypeError('the handler returned before the end of its response body')
  }
}

/** Its signal is made when it is asked for. */
class ServerRequest implements IncomingRequest {
  readonly method: string
  readonly target: string
  readonly version: HttpVersion
  readonly fields: Fields
  readonly body: IncomingBody
  readonly connection: Connection
  readonly #client: FollowedSignal

  constructor(head: RequestHead, body: IncomingBody, client: FollowedSignal, connection: Connection) {
    this.method = head.method
    this.target = head.target
    this.version = head.version
    this.fields = head.fields
    this.body = body
    this.connection = connection
    this.#client = client
  }

  get signal(): AbortSignal {
    return this.#client.signal
  }
}
