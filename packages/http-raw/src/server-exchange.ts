import type { Connection } from '@sse-from-scratch/tcp-echo'
import { before, tooSlow } from './deadline.ts'
import { followSignal } from './follow-signal.ts'
import type { Handler, IncomingRequest } from './handler.ts'
import type { RequestHead } from './head.ts'
import { createMessageReader, type IncomingBody, type MessageReader } from './incoming.ts'
import { requestDecoder } from './message-decoder.ts'
import { ownVersion } from './options.ts'
import { checkExpectations, expectsContinue } from './persistence.ts'
import { refuse } from './refuse.ts'
import { createResponder, type Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'

export interface ExchangeResult {
  /** Whether another request may follow on this connection. */
  readonly persists: boolean
  /** What went wrong, if something has. */
  readonly failure?: { readonly error: unknown }
  /** Resolves when the exchange has no read of the connection waiting. */
  readonly idle: Promise<void>
}

/** One request and its response. Never rejects. */
export async function serveExchange(
  connection: Connection,
  handler: Handler,
  settings: ServerSettings,
): Promise<ExchangeResult> {
  const client = followSignal(connection.signal)
  const deadline = performance.now() + settings.requestTimeout
  let continued = true // whether the client sends its body without being asked to
  let responder: Responder | undefined // there is one from the moment there is a handler to use it

  const answer = (head: RequestHead | undefined) =>
    createResponder(connection, head, {
      http: settings,
      client,
      mayPersist: () => continued && !settings.closing?.aborted,
    })

  const reader = createMessageReader(connection, requestDecoder(settings.limits, settings.transferCodings), {
    collectedSize: settings.limits.collectedSize,
    within: (read) => withinBodyTime(read, deadline, settings),
    async beforeBody() {
      if (continued || responder?.state !== 'waiting') return
      continued = true
      await responder.respond(100)
    },
  })

  async function run(): Promise<boolean> {
    const head = await readHead(reader, settings)
    if (head === null) return false
    checkExpectations(head)
    continued = !expectsContinue(head) || ownVersion(settings) === '1.0' // in 1.0 there is no 100 to wait for
    responder = answer(head)
    await handler(incomingRequest(head, reader.body, client, connection), responder.respond)
    if (connection.signal.aborted) return false // nobody is left to owe anything to
    if (responder.state === 'waiting') throw new TypeError('the handler returned without responding')
    if (responder.owesBody) throw new TypeError('the handler returned before the end of its response body')
    return responder.persists && (await reader.drain(settings.drainSize))
  }

  try {
    return { persists: await run(), idle: reader.idle() }
  } catch (error) {
    const fromClient = !responder || reader.failure?.error === error // and not, say, from a server the handler asked
    if (!(await refuse(responder ?? answer(undefined), error, fromClient))) connection.abort(error)
    return { persists: false, failure: { error }, idle: reader.idle() }
  } finally {
    client.stop()
  }
}

/** The signal is made when it is asked for. */
function incomingRequest(
  { method, target, version, fields }: RequestHead,
  body: IncomingBody,
  client: { readonly signal: AbortSignal },
  connection: Connection,
): IncomingRequest {
  return {
    method,
    target,
    version,
    fields,
    body,
    connection,
    get signal() {
      return client.signal
    },
  }
}

function readHead(reader: MessageReader<RequestHead>, { headTimeout }: ServerSettings): Promise<RequestHead | null> {
  return before(reader.head(), headTimeout, () => tooSlow('the request head', 'headTimeout', headTimeout))
}

function withinBodyTime<T>(read: Promise<T>, deadline: number, settings: ServerSettings): Promise<T> {
  const { requestTimeout, bodyIdleTimeout } = settings
  const left = Math.max(1, deadline - performance.now())
  if (requestTimeout > 0 && (bodyIdleTimeout === 0 || left < bodyIdleTimeout)) {
    return before(read, left, () => tooSlow('the request', 'requestTimeout', requestTimeout))
  }
  return before(read, bodyIdleTimeout, () => tooSlow('the next byte of the body', 'bodyIdleTimeout', bodyIdleTimeout))
}
