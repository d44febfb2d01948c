import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Fields } from './fields.ts'
import type { FollowedSignal } from './follow-signal.ts'
import type { Handler, IncomingRequest } from './handler.ts'
import type { HttpVersion, RequestHead } from './head.ts'
import type { IncomingBody } from './incoming.ts'
import { checkExpectations, expectsContinue } from './persistence.ts'
import { refuse } from './refuse.ts'
import { NO_BODY, type RequestBody, requestBody } from './request-body.ts'
import type { HeadReceiver, RequestSource } from './request-source.ts'
import { Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'

/** What went wrong. */
export interface ExchangeFailure {
  readonly error: unknown
}

/** Requests and their responses, one after the other, until either side wants no more. Never rejects. */
export function serveExchanges(
  connection: Connection,
  source: RequestSource,
  handler: Handler,
  settings: ServerSettings,
): Promise<ExchangeFailure | undefined> {
  return new Promise((over) => new Exchanges(connection, source, handler, settings, over).next())
}

/**
 * What waits for a request is called back, and what waits for a handler is an async function, one for all the requests
 * that arrived in one read: each promise less is a twentieth of a small request (`npm run bench:http -- --only tiny`).
 */
class Exchanges implements HeadReceiver {
  readonly #connection: Connection
  readonly #source: RequestSource
  readonly #handler: Handler
  readonly #settings: ServerSettings
  readonly #over: (failure: ExchangeFailure | undefined) => void

  constructor(
    connection: Connection,
    source: RequestSource,
    handler: Handler,
    settings: ServerSettings,
    over: (failure: ExchangeFailure | undefined) => void,
  ) {
    this.#connection = connection
    this.#source = source
    this.#handler = handler
    this.#settings = settings
    this.#over = over
  }

  next(): void {
    this.#source.awaitHead(this)
  }

  onHead(head: RequestHead | null): void {
    if (head === null) this.#over(undefined)
    else void this.#serve(head)
  }

  async onRefused(error: unknown): Promise<void> {
    await this.#refuse(this.#responder(), error, true)
  }

  /** Serves `first`, and what has come with it. */
  async #serve(first: RequestHead): Promise<void> {
    for (let head: RequestHead | undefined = first; head !== undefined; ) {
      const responder = this.#responder()
      let body: RequestBody | undefined
      try {
        body = requestBody(head, this.#source, this.#settings, responder)
        checkExpectations(head)
        responder.expectsContinue = expectsContinue(head) && this.#settings.version !== '1.0' // in 1.0 there is no 100 to wait for
        responder.request = head // from here on it is the handler's
        const request = new ServerRequest(head, body?.body ?? NO_BODY, responder.peer, this.#connection)
        await this.#handler(request, responder.respond) // also if it is not async: heads that wait must not pile up on the stack
        if (this.#connection.signal.aborted) return this.#over(undefined) // nobody is left to owe anything to
        checkAnswered(responder, head)
        if (!responder.persists || (body && !(await body.drain(this.#settings.drainSize)))) return this.#over(undefined)
        if (responder.sending !== undefined) await responder.sending // whoever does not read is not read from
      } catch (error) {
        // The client's fault, and not, say, that of a server the handler has asked?
        const fromClient = responder.request === undefined || body?.failure?.error === error
        return await this.#refuse(responder, error, fromClient)
      } finally {
        responder.peer.stop()
      }
      try {
        head = this.#source.takeHead()
      } catch (error) {
        return await this.onRefused(error)
      }
    }
    this.next()
  }

  #responder(): Responder {
    return new Responder(this.#connection, this.#settings, this.#source)
  }

  async #refuse(responder: Responder, error: unknown, fromClient: boolean): Promise<void> {
    if (!(await refuse(responder, error, fromClient))) this.#connection.abort(error)
    responder.peer.stop()
    this.#over({ error })
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
