import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'
import { before, tooSlow } from './deadline.ts'
import { HttpError } from './errors.ts'
import type { ResponseHead } from './head.ts'
import { createMessageReader, type IncomingBody, type MessageReader } from './incoming.ts'
import { keepAliveTime } from './keep-alive.ts'
import type { Lease } from './lease.ts'
import type { Limits } from './limits.ts'
import { createResponseDecoder, type MessageDecoderOptions } from './message-decoder.ts'
import { createOutgoingBody } from './outgoing.ts'
import type { FramedRequest, OutgoingRequest } from './outgoing-request.ts'

/** A response as the caller of `request` sees it. */
export interface IncomingResponse extends ResponseHead, AsyncDisposable {
  /** Leaving a `for await` over it before the end closes the connection at once. */
  readonly body: IncomingBody
  /** Where it came from, after redirects, without a fragment. */
  readonly url: string
  /** Closes the connection at once, unless the response has arrived whole. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface ClientExchangeOptions extends MessageDecoderOptions {
  readonly limits: Limits
  readonly signal: AbortSignal | undefined
  readonly headTimeout: number
}

/** Sends one request on an open connection, reads the response, and gives the connection back when both are over. */
export async function clientExchange(
  lease: Lease,
  request: OutgoingRequest,
  framed: FramedRequest,
  options: ClientExchangeOptions,
): Promise<IncomingResponse> {
  const { signal, headTimeout } = options
  const { connection } = lease
  let head: ResponseHead | undefined
  let complete = false
  let sent = false
  let enough = false // the server has heard enough of our body

  function giveBack(): void {
    if (!complete || head === undefined) return
    if (!sent) connection.abort(new TcpError('TCP_CLOSED', 'answered before the request was sent'))
    else lease.release(connection.unsent > 0 ? undefined : keepAliveTime(framed, head))
  }
  const abandon = () => {
    if (!complete) connection.abort(new TcpError('TCP_CLOSED', 'the response was abandoned'))
  }
  const reader = createMessageReader<ResponseHead>(connection, createResponseDecoder(request.method, options), {
    collectedSize: options.limits.collectedSize,
    signal,
    onBreak: abandon,
    onComplete() {
      complete = true
      enough = true
      giveBack()
    },
  })

  const upload = send(connection, request, framed, () => enough)
  upload.then(
    (whole) => {
      sent = whole
    },
    (error) => connection.abort(error),
  )
  head = await before(Promise.race([finalHead(reader), failureOf(upload)]), headTimeout, () =>
    tooSlow('the response head', 'headTimeout', headTimeout),
  )
  // RFC 9112 §9.5: who is told no SHOULD stop talking. After a yes the rest of the body may be what it is answering to.
  if (head.status >= 300) enough = true
  giveBack() // the response may have been over with its head
  const dispose = async () => abandon()
  return { ...head, url: withoutFragment(request.url), body: reader.body, [Symbol.asyncDispose]: dispose }
}

async function finalHead(reader: MessageReader<ResponseHead>): Promise<ResponseHead> {
  const head = await reader.head()
  if (head === null) throw new HttpError('HTTP_INCOMPLETE', 'the server closed without answering')
  return head
}

/**
 * Sends head and body; false if not all of it, because nobody wants it any more. Rejects with what the caller did wrong;
 * what the connection does wrong, its reader will find.
 */
async function send(
  connection: Connection,
  { body }: OutgoingRequest,
  { head, encoder }: FramedRequest,
  isEnough: () => boolean,
): Promise<boolean> {
  if (body === undefined || body instanceof Uint8Array) {
    return delivered(connection.write(head, ...(body && body.length > 0 ? encoder.encode(body) : [])))
  }
  if (!(await delivered(connection.write(head)))) return false
  const outgoing = createOutgoingBody(connection, encoder, { peer: connection })
  for await (const piece of body) {
    if (isEnough() || !(await delivered(outgoing.write(piece)))) return false
  }
  return delivered(outgoing.end())
}

/** False if the connection is gone. That is not the end of the exchange: the answer may have arrived before. */
async function delivered(write: Promise<void>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof TypeError) throw error
    return false
  }
}

function failureOf(upload: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    upload.catch(reject)
  })
}

function withoutFragment(url: URL): string {
  return url.href.replace(/#.*$/s, '')
}
