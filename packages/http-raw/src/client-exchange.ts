import { TcpError } from '@sse-from-scratch/tcp-echo'
import { tooSlow } from './deadline.ts'
import { HttpError } from './errors.ts'
import type { ResponseHead } from './head.ts'
import { createMessageReader, type MessageReader } from './incoming.ts'
import type { IncomingResponse } from './incoming-response.ts'
import { keepAliveTime } from './keep-alive.ts'
import { cutOnAbort, type Lease } from './lease.ts'
import type { Limits } from './limits.ts'
import { type MessageDecoderOptions, responseDecoder } from './message-decoder.ts'
import type { FramedRequest, OutgoingRequest } from './outgoing-request.ts'
import { sendRequest } from './send-request.ts'

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
    if (signal) cutOnAbort(this.#lease, signal)
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
    const upload = sendRequest(this.#lease.connection, this.#request, this.#framed, () => this.#enough)
    if (upload === undefined) this.#sent = true
    else
      upload.then(
        (whole) => {
          this.#sent = whole
        },
        (error) => this.#onUploadFailure(error),
      )
  }
}

function silence(): never {
  throw new HttpError('HTTP_INCOMPLETE', 'the server closed without answering')
}
