import type { Connection } from '@sse-from-scratch/tcp-echo'
import { before, tooSlow } from './deadline.ts'
import { HttpError } from './errors.ts'
import type { RequestHead } from './head.ts'
import { createMessageReader, type IncomingBody, type MessageReader } from './incoming.ts'
import { createRequestDecoder } from './message-decoder.ts'
import { ownVersion } from './options.ts'
import { checkExpectations, expectsContinue } from './persistence.ts'
import { createResponder, type Respond, type Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'
import { reasonPhrase } from './status.ts'

/** A request as its handler sees it. */
export interface IncomingRequest extends RequestHead {
  /**
   * Reading it is what makes us answer `Expect: 100-continue` (RFC 9110 §10.1.1): read before you answer. Who answers
   * first has said no to the body, and a client that was waiting to be asked for it will not send it.
   */
  readonly body: IncomingBody
  /**
   * Aborts when the client is gone before it has been answered; its reason says how.
   *
   * The client's FIN alone is not that: it may close its side and still read (RFC 9112 §9.6). One that has closed both
   * answers our next bytes with RST, and the write after them fails: who streams learns by writing, heartbeats included.
   */
  readonly signal: AbortSignal
  readonly connection: Connection
}

/**
 * Answers one request, by calling `respond`. The exchange is over when it returns: inside a body, that cuts the
 * connection. What it throws becomes a 500 if nothing has been sent, and else cuts the connection.
 */
export type Handler = (request: IncomingRequest, respond: Respond) => Promise<void> | void

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
  const gone = followSignal(connection.signal)
  const deadline = Date.now() + settings.requestTimeout
  let continued = true // whether the client sends its body without being asked to
  let handled = false // whether the handler has been called
  const options = {
    ...settings,
    signal: gone.signal,
    mayPersist: () => continued && !settings.closing?.aborted,
  }
  let responder = createResponder(connection, undefined, options)

  const reader = createMessageReader<RequestHead>(connection, createRequestDecoder(settings), {
    collectedSize: settings.limits.collectedSize,
    within: (read) => withinBodyTime(read, deadline, settings),
    async beforeBody() {
      if (continued || responder.state !== 'waiting') return
      continued = true
      await responder.respond(100)
    },
  })

  async function run(): Promise<boolean> {
    const head = await readHead(reader, settings)
    if (head === null) return false
    checkExpectations(head)
    continued = !expectsContinue(head) || ownVersion(settings) === '1.0' // in 1.0 there is no 100 to wait for
    responder = createResponder(connection, head, options)
    handled = true
    await handler({ ...head, body: reader.body, signal: gone.signal, connection }, responder.respond)
    if (responder.state === 'waiting') throw new TypeError('the handler returned without responding')
    if (gone.signal.aborted) return false // nobody is left to owe anything to
    if (responder.owesBody) throw new TypeError('the handler returned before the end of its response body')
    return responder.persists && (await reader.drain(settings.drainSize))
  }

  try {
    return { persists: await run(), idle: reader.idle() }
  } catch (error) {
    const fromClient = !handled || reader.failure?.error === error // and not, say, from a server that the handler asked
    if (!(await refuse(responder, error, fromClient))) connection.abort(error)
    return { persists: false, failure: { error }, idle: reader.idle() }
  } finally {
    gone.stop()
  }
}

function readHead(reader: MessageReader<RequestHead>, { headTimeout }: ServerSettings): Promise<RequestHead | null> {
  return before(reader.head(), headTimeout, () => tooSlow('the request head', 'headTimeout', headTimeout))
}

function withinBodyTime<T>(read: Promise<T>, deadline: number, settings: ServerSettings): Promise<T> {
  const { requestTimeout, bodyIdleTimeout } = settings
  const left = Math.max(1, deadline - Date.now())
  if (requestTimeout > 0 && (bodyIdleTimeout === 0 || left < bodyIdleTimeout)) {
    return before(read, left, () => tooSlow('the request', 'requestTimeout', requestTimeout))
  }
  return before(read, bodyIdleTimeout, () => tooSlow('the next byte of the body', 'bodyIdleTimeout', bodyIdleTimeout))
}

/** Says what was wrong, in a few words; false if it is too late for that. Only the client's faults are spelled out. */
async function refuse(responder: Responder, error: unknown, fromClient: boolean): Promise<boolean> {
  if (responder.state !== 'waiting') return false
  const blame = error instanceof HttpError && fromClient ? error : undefined
  const status = blame?.status ?? 500
  const text = `${status} ${reasonPhrase(status)}${blame ? `: ${blame.message}` : ''}\n`
  try {
    await responder.respond(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }, text)
    return true
  } catch {
    return false
  }
}

/** A signal that aborts with another, until it is told to stop: on a kept connection, handlers come and go. */
function followSignal(source: AbortSignal): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const follow = () => controller.abort(source.reason)
  if (source.aborted) follow()
  source.addEventListener('abort', follow, { once: true })
  return { signal: controller.signal, stop: () => source.removeEventListener('abort', follow) }
}
