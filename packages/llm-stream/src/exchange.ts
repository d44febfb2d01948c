import type { Transport, TransportRequest } from '@sse-from-scratch/sse-client/fetch'
import { type AnswerDecoder, createAnswerDecoder } from './answer-decoder.ts'
import { type BodyReader, createBodyReader, drain } from './body-reader.ts'
import { readErrorBody } from './error-body.ts'
import { LlmError } from './errors.ts'
import type { LlmEvent } from './events.ts'
import { isToken } from './meter.ts'
import type { Patience } from './patience.ts'
import type { Provider } from './provider.ts'
import { readRateLimit } from './rate-limit.ts'
import { fieldsFrom, lookupIn } from './response-headers.ts'
import type { Tally } from './tally.ts'
import { bodyError, connectError } from './transport-error.ts'

/** A request as each attempt sends it, under a signal of its own. */
export type UnsentRequest = Omit<TransportRequest, 'signal'>

export interface ExchangeSetup {
  readonly provider: Provider
  readonly request: TransportRequest
  readonly transport: Transport
  readonly tally: Tally
  readonly patience: Patience
  readonly maxEventSize: number
  readonly maxAnswerSize: number
  readonly flushLastEvent: boolean
}

/** One request and its answer, one wait at a time. */
export interface Exchange {
  /**
   * Waits for the response's head the first time, then for one read of its body each time.
   * Resolves with whether there is more to come; rejects with an LlmError.
   */
  advance(emit: (event: LlmEvent) => void): Promise<boolean>
  /** The answer is there: gives the response a moment to end by itself before it is made to `close`. */
  drain(close: () => void): void
}

interface Body {
  readonly reader: BodyReader
  readonly decoder: AnswerDecoder
}

export function createExchange(setup: ExchangeSetup): Exchange {
  const { provider, request, patience, tally } = setup
  let body: Body | undefined

  async function open(): Promise<void> {
    const response = await patience
      .during(async () => setup.transport(request))
      .catch((error: unknown) => {
        throw error instanceof LlmError ? error : connectError(provider, request.url, error)
      })
    patience.stop('connect')
    patience.stop('headers')
    const header = lookupIn(response)
    tally.rateLimit = readRateLimit(header)
    const reader = createBodyReader(response.body)
    // Whoever leaves between two reads leaves nobody at the body: a generator would never come to its `finally`.
    request.signal.addEventListener('abort', reader.cancel, { once: true })
    if (response.status < 200 || response.status > 299) {
      throw provider.readError(response.status, fieldsFrom(header), await readErrorBody(reader, patience.during))
    }
    const { maxEventSize, flushLastEvent } = setup
    const options = { maxEventSize, flushLastEvent, contentType: response.contentType }
    body = { reader, decoder: createAnswerDecoder(provider.createMapper(), options) }
  }

  async function read({ reader, decoder }: Body): Promise<Uint8Array | null> {
    const bytes = await patience.during(reader.read).catch((error: unknown) => {
      const failure = error instanceof LlmError ? error : bodyError(error)
      if (failure.code === 'LLM_TIMEOUT' && decoder.settled) return null // an answer to which only the end is missing is whole
      throw failure
    })
    patience.start('idle')
    return bytes
  }

  async function readOn(body: Body, emit: (event: LlmEvent) => void): Promise<boolean> {
    const bytes = await read(body)
    const { decoder } = body
    if (bytes === null) {
      decoder.end(emit)
      return false
    }
    tally.meter.read(bytes.length)
    if (tally.meter.bytes > setup.maxAnswerSize) {
      throw new LlmError('LLM_PROTOCOL', `the answer is longer than ${setup.maxAnswerSize} bytes (maxAnswerSize)`)
    }
    let progress = false
    decoder.push(bytes, (event) => {
      progress ||= isToken(event)
      emit(event)
    })
    if (progress) patience.stop('firstToken')
    if (progress) patience.start('progress')
    return !decoder.done
  }

  return {
    async advance(emit) {
      try {
        if (body) return await readOn(body, emit)
        await open()
        return true
      } catch (error) {
        if (error instanceof LlmError) throw error
        throw new LlmError('LLM_PROTOCOL', `the answer could not be understood as one of ${provider.name}`, {
          cause: error,
        })
      }
    },
    drain: (close) => void drain(body?.reader, close),
  }
}
