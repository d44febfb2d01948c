import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Fields } from './fields.ts'
import { FollowedSignal } from './follow-signal.ts'
import type { Handler, IncomingRequest } from './handler.ts'
import type { HttpVersion, RequestHead } from './head.ts'
import type { IncomingBody } from './incoming.ts'
import { checkExpectations, expectsContinue } from './persistence.ts'
import { refuse } from './refuse.ts'
import { type RequestBody, requestBody } from './request-body.ts'
import type { RequestSource } from './request-source.ts'
import { createResponder, type Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'

export interface ExchangeResult {
  /** Whether another request may follow on this connection. */
  readonly persists: boolean
  /** What went wrong, if something has. */
  readonly failure?: { readonly error: unknown }
}

const PERSISTS: ExchangeResult = { persists: true }
const OVER: ExchangeResult = { persists: false }

/** One request and its response. Never rejects. */
export async function serveExchange(
  connection: Connection,
  source: RequestSource,
  handler: Handler,
  settings: ServerSettings,
): Promise<ExchangeResult> {
  const client = new FollowedSignal(connection.signal)
  let continued = true // whether the client sends its body without being asked to
  let body: RequestBody | undefined
  let responder: Responder | undefined // there is one from the moment there is a handler to use it

  const answer = (head: RequestHead | undefined) =>
    createResponder(connection, head, {
      http: settings,
      client,
      mayPersist: () => continued && !settings.closing?.aborted,
      beforeTunnel: source.release,
    })

  async function beforeBody(): Promise<void> {
    if (continued || responder?.state !== 'waiting') return
    continued = true
    await responder.respond(100)
  }

  async function run(head: RequestHead): Promise<boolean> {
    body = requestBody(head, source, settings, beforeBody)
    checkExpectations(head)
    continued = !expectsContinue(head) || settings.version === '1.0' // in 1.0 there is no 100 to wait for
    responder = answer(head)
    await handler(new ServerRequest(head, body.body, client, connection), responder.respond)
    if (connection.signal.aborted) return false // nobody is left to owe anything to
    if (responder.state === 'waiting') throw new TypeError('the handler returned without responding')
    if (responder.state === 'answering' && head.method !== 'HEAD') {
      throw new TypeError('the handler returned before the end of its response body')
    }
    return responder.persists && (await body.drain(settings.drainSize))
  }

  try {
    const head = source.takeHead() ?? (await source.nextHead())
    return head !== null && (await run(head)) ? PERSISTS : OVER
  } catch (error) {
    const fromClient = !responder || body?.failure?.error === error // and not, say, from a server the handler asked
    if (!(await refuse(responder ?? answer(undefined), error, fromClient))) connection.abort(error)
    return { persists: false, failure: { error } }
  } finally {
    client.stop()
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
