import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'
import type { Fields } from './fields.ts'
import type { Handler, IncomingRequest } from './handler.ts'
import type { HttpVersion, RequestHead } from './head.ts'
import type { IncomingBody } from './incoming-body.ts'
import { checkExpectations, expectsContinue } from './persistence.ts'
import { refuse } from './refuse.ts'
import { NO_BODY, NoJson, type RequestBody, requestBody } from './request-body.ts'
import type { HeadReceiver, RequestSource } from './request-source.ts'
import { Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'

/** What went wrong. */
export interface ExchangeFailure {
  readonly error: unknown
  /** The client's doing: it broke the protocol, or is gone. Else it is our handler's. */
  readonly fromClient: boolean
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
 * One exchange at a time. What it waits for calls it back: a loop in an async function would be shorter, but its frame and
 * its awaits were most of the garbage of a small request (`npm run bench:http -- --only server`).
 */
class Exchanges implements HeadReceiver {
  readonly #connection: Connection
  readonly #source: RequestSource
  readonly #handler: Handler
  readonly #settings: ServerSettings
  readonly #over: (failure: ExchangeFailure | undefined) => void
  #responder: Responder // to the request at hand, or the last one
  #body: RequestBody | undefined

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
    this.#responder = new Responder(connection, settings, source)
  }

  /** Takes the next request, or waits for one. */
  next(): void {
    let head: RequestHead | undefined
    try {
      head = this.#source.takeHead()
    } catch (error) {
      this.onRefused(error)
      return
    }
    if (head) this.onHead(head)
    else this.#source.awaitHead(this)
  }

  onHead(head: RequestHead | null): void {
    if (head === null) {
      this.#over(undefined)
      return
    }
    this.#responder = new Responder(this.#connection, this.#settings, this.#source)
    this.#body = undefined
    try {
      // Also a handler that is not async is waited for: requests that came at once must not pile up on the stack.
      Promise.resolve(this.#handle(head)).then(this.#onHandled, this.#onThrown)
    } catch (error) {
      this.#onThrown(error)
    }
  }

  onRefused(error: unknown): void {
    this.#responder = new Responder(this.#connection, this.#settings, this.#source)
    this.#body = undefined
    void this.#fail(error)
  }

  #handle(head: RequestHead): Promise<void> | void {
    const responder = this.#responder
    const handler = this.#handler // its `this` is not ours
    const body = requestBody(head, this.#source, this.#settings, responder)
    this.#body = body
    checkExpectations(head)
    responder.expectsContinue = expectsContinue(head) && this.#settings.version !== '1.0' // in 1.0 there is no 100 to wait for
    responder.request = head // from here on it is the handler's
    const request = new ServerRequest(head, body?.body ?? NO_BODY, responder, this.#connection)
    return handler(request, responder.respond)
  }

  readonly #onHandled = (): void => {
    const responder = this.#responder
    if (this.#connection.signal.aborted) {
      this.#end(undefined) // nobody is left to owe anything to
      return
    }
    const ending = responder.endSpareBody()
    if (ending !== undefined) {
      ending.then(this.#onHandled, this.#onThrown)
      return
    }
    const owed = unanswered(responder)
    if (owed) void this.#fail(owed)
    else if (!responder.persists) this.#end(undefined)
    else if (this.#body || responder.sending !== undefined) void this.#settle(responder)
    else {
      responder.stop()
      this.next()
    }
  }

  /** What is still on its way, in either direction, comes before the next request. */
  async #settle(responder: Responder): Promise<void> {
    if (this.#body && !(await this.#isDrained(this.#body, responder))) {
      this.#end(undefined)
      return
    }
    await responder.sending?.catch(() => {}) // whoever does not read is not read from; a loss is found by the next read
    responder.stop()
    this.next()
  }

  /** Of a length that is known, all or nothing: an answer in full has told the client which (RFC 9112 §9.6). */
  async #isDrained(body: RequestBody, { bodyLeft }: Responder): Promise<boolean> {
    const { drainSize } = this.#settings
    if (bodyLeft === undefined) return await body.drain(drainSize)
    return bodyLeft <= drainSize && (await body.drain(Number.POSITIVE_INFINITY))
  }

  readonly #onThrown = (error: unknown): void => {
    void this.#fail(error)
  }

  async #fail(error: unknown): Promise<void> {
    const responder = this.#responder
    // The client's fault, and not, say, that of a server the handler has asked?
    const isRefused = responder.request === undefined || error instanceof NoJson
    const fromClient = isRefused || this.#body?.failure?.error === error
    // An answer that is whole stays so: there is nothing to cut.
    if (responder.state !== 'answered' && !(await refuse(responder, error, fromClient))) this.#connection.abort(error)
    this.#end({ error, fromClient: fromClient || isLoss(error, this.#connection) })
  }

  #end(failure: ExchangeFailure | undefined): void {
    this.#responder.stop()
    this.#over(failure)
  }
}

/** What a handler that has returned still owes: half an answer must not look like a whole one. */
function unanswered({ state, request }: Responder): TypeError | undefined {
  if (state === 'waiting') return new TypeError('the handler returned without responding')
  if (state === 'answering' && request?.method !== 'HEAD') {
    return new TypeError(
      "the handler returned before the end of its response body: end() it, or give respond one, '' say",
    )
  }
  return undefined
}

/** What a handler is told of a client that is gone, in whatever it was doing. */
function isLoss(error: unknown, { signal }: Connection): boolean {
  return signal.aborted && (error instanceof TcpError || error === signal.reason)
}

/** Its signal is made when it is asked for. */
class ServerRequest implements IncomingRequest {
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
