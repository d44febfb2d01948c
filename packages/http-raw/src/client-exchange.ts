import { TcpError } from '@sse-from-scratch/tcp-echo'
import { tooSlow } from './deadline.ts'
import { HttpError } from './errors.ts'
import { toLatin1 } from './grammar.ts'
import type { ResponseHead } from './head.ts'
import { createMessageReader, type MessageReader } from './incoming.ts'
import type { IncomingBody } from './incoming-body.ts'
import { keepAliveTime } from './keep-alive.ts'
import type { Lease } from './lease.ts'
import type { Limits } from './limits.ts'
import { type MessageDecoderOptions, responseDecoder } from './message-decoder.ts'
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

/**
 * Sends one request on an open connection, reads the response, and gives the connection back when both are over. The
 * signal stops it for as long as it has the connection.
 */
export function clientExchange(
  lease: Lease,
  request: OutgoingRequest,
  framed: FramedRequest,
  options: ClientExchangeOptions,
): Promise<IncomingResponse> {
  return new ClientExchange(lease, request, framed, options).response()
}

/** A class, because there is one for every request: see `FollowedSignal`. */
class ClientExchange {
  readonly #lease: Lease
  readonly #request: OutgoingRequest
  readonly #framed: FramedRequest
  readonly #options: ClientExchangeOptions
  readonly #reader: MessageReader<ResponseHead>
  #head: ResponseHead | undefined
  #sent: boolean = false
  #complete: boolean = false
  #enough: boolean = false // the server has heard enough of our body
  #uploadFailure: { readonly error: unknown } | undefined

  constructor(lease: Lease, request: OutgoingRequest, framed: FramedRequest, options: ClientExchangeOptions) {
    const { transferCodings = [], limits, signal } = options
    this.#lease = lease
    this.#request = request
    this.#framed = framed
    this.#options = options
    this.#reader = createMessageReader(lease.connection, responseDecoder(request.method, limits, transferCodings), {
      collectedSize: limits.collectedSize,
      signal,
      onBreak: () => this.#abandon(),
      onComplete: () => this.#onComplete(),
    })
  }

  async response(): Promise<IncomingResponse> {
    const { connection, timer } = this.#lease
    const { signal, headTimeout } = this.#options
    if (signal) this.#abortWith(signal)
    this.#send()
    timer.start(headTimeout, () => connection.abort(tooSlow('the response head', 'headTimeout', headTimeout)))
    try {
      this.#head = (await this.#reader.head()) ?? silence()
    } catch (error) {
      connection.abort(error)
      if (signal?.aborted) throw signal.reason
      throw this.#uploadFailure ? this.#uploadFailure.error : error
    } finally {
      timer.stop()
    }
    // RFC 9112 §9.5: who is told no SHOULD stop talking. After a yes the rest of the body may be what it is answering to.
    if (this.#head.status >= 300) this.#enough = true
    this.#giveBack() // the response may have been over with its head
    return this.#responseWith(this.#head)
  }

  #responseWith({ version, status, reason, fields }: ResponseHead): IncomingResponse {
    return {
      version,
      status,
      reason,
      fields,
      url: this.#request.uri.text,
      body: this.#reader.body,
      [Symbol.asyncDispose]: async () => this.#abandon(),
    }
  }

  #abortWith(signal: AbortSignal): void {
    const abort = () => this.#lease.connection.abort(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    this.#lease.onEnd(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
  }

  /** Closes the connection, unless the response has arrived whole. */
  #abandon(): void {
    if (!this.#complete) this.#lease.connection.abort(new TcpError('TCP_CLOSED', 'the response was abandoned'))
  }

  #onComplete(): void {
    this.#complete = true
    this.#enough = true
    this.#giveBack()
  }

  #giveBack(): void {
    const { connection } = this.#lease
    if (!this.#complete || this.#head === undefined) return
    if (!this.#sent) connection.abort(new TcpError('TCP_CLOSED', 'answered before the request was sent'))
    else this.#lease.release(connection.unsent > 0 ? undefined : keepAliveTime(this.#framed, this.#head))
  }

  #onUploadFailure(error: unknown): void {
    this.#uploadFailure = { error }
    this.#lease.connection.abort(error)
  }

  /** Sends head and body. What the connection does wrong, its reader will find. */
  #send(): void {
    const { body, trailers } = this.#request
    const { head, encoder } = this.#framed
    const { connection } = this.#lease
    if (body === undefined && trailers === undefined && connection.send) {
      const sent = connection.send(head, true)
      if (sent === undefined) this.#sent = true
      else this.#await(delivered(sent))
    } else if (trailers === undefined && (body === undefined || body instanceof Uint8Array)) {
      const content = body && body.length > 0 ? encoder.encode(body) : []
      this.#await(delivered(connection.write(toLatin1(head), ...content)))
    } else this.#await(this.#stream(body instanceof Uint8Array ? [body] : (body ?? [])))
  }

  #await(upload: Promise<boolean>): void {
    upload.then(
      (whole) => {
        this.#sent = whole
      },
      (error) => this.#onUploadFailure(error),
    )
  }

  /** False if not all of it, because nobody wants it any more. Rejects with what the caller did wrong. */
  async #stream(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean> {
    const { head, encoder } = this.#framed
    const { connection } = this.#lease
    if (!(await delivered(connection.write(toLatin1(head))))) return false
    const outgoing = createOutgoingBody(connection, encoder, { peer: connection })
    for await (const piece of body) {
      if (this.#enough || !(await delivered(outgoing.write(piece)))) return false
    }
    const { trailers } = this.#request
    return delivered(outgoing.end(typeof trailers === 'function' ? await trailers() : trailers))
  }
}

/** False if the connection is gone. That is not the end of the exchange: the answer may have arrived before. */
function delivered(write: Promise<void>): Promise<boolean> {
  return write.then(itWas, unlessOurFault)
}

function itWas(): true {
  return true
}

function unlessOurFault(error: unknown): false {
  if (error instanceof TypeError) throw error
  return false
}

function silence(): never {
  throw new HttpError('HTTP_INCOMPLETE', 'the server closed without answering')
}
