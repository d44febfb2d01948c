import { assertEventStream } from './answer.ts'
import { bytesOf } from './bytes.ts'
import { createEventDecoder, type EventDecoderOptions, type ServerSentEvent } from './decoder.ts'
import { SseError } from './errors.ts'
import { Mistake } from './mistake.ts'
import { eventsPerRead } from './read.ts'
import type { StreamRequest } from './stream-request.ts'
import type { Transport, TransportResponse } from './transport.ts'
import { createWatch } from './watch.ts'

/** One of the connections an event stream is made of. A loss is told; only what is final is thrown. */
export interface StreamConnection {
  /** `stop`: the server wants no more connections. */
  open(): Promise<'open' | 'lost' | 'stop'>
  /** What arrives, one array per read, until the connection ends or is lost. */
  events(): AsyncGenerator<readonly ServerSentEvent[], void>
  /** Why it was lost; `undefined` while it is not, and if the server ended the stream in good order. */
  readonly loss: unknown
}

export interface StreamConnectionOptions extends Pick<EventDecoderOptions, 'maxEventSize'> {
  readonly idleTimeout?: number
}

export function createStreamConnection(
  request: StreamRequest,
  transport: Transport,
  over: AbortSignal,
  { maxEventSize, idleTimeout }: StreamConnectionOptions,
): StreamConnection {
  const watch = createWatch(over, idleTimeout)
  let response: TransportResponse
  let loss: unknown

  /** Takes an error for a loss, if another connection could end differently; throws it again if not. */
  function lose(error: unknown): void {
    watch.abort()
    watch.end()
    over.throwIfAborted()
    if (isFinal(error)) throw error
    loss = error ?? new Error('the transport failed without a reason')
  }

  /** HTML §9.2: "Clients can be told to stop reconnecting". Such an answer has no body, so it has arrived whole. */
  function stop(): 'stop' {
    watch.end()
    return 'stop'
  }

  return {
    get loss() {
      return loss
    },

    async open() {
      try {
        response = await watch.wait(async () => transport(request.next(watch.signal)))
        if (response.status === 204) return stop()
        assertEventStream(response)
        if (response.url) request.movedTo(response.url)
        return 'open'
      } catch (error) {
        lose(error)
        return 'lost'
      }
    },

    async *events() {
      const { lastEventId } = request
      const decoder = createEventDecoder({ lastEventId, ...(maxEventSize !== undefined && { maxEventSize }) })
      const onRetry = (milliseconds: number) => {
        request.reconnectionTime = milliseconds
      }
      try {
        yield* eventsPerRead(bytesOf(response, watch), decoder, onRetry)
        watch.end()
      } catch (error) {
        lose(error)
      } finally {
        request.lastEventId = decoder.lastEventId
      }
    },
  }
}

/**
 * Too Many Requests, and what gateways answer while the server behind them is away (RFC 9110 §15.6.3 to §15.6.5). By the
 * letter of HTML §9.2.3 these are the end like any status, and for an EventSource they are: see docs/decisions/0004.
 */
const PASSING = [429, 502, 503, 504]

/** An answer we understood will not change by asking again, unless it is one that passes; silence may. */
function isFinal(error: unknown): boolean {
  if (error instanceof Mistake) return true
  if (!(error instanceof SseError) || error.code === 'SSE_IDLE_TIMEOUT') return false
  return error.code !== 'SSE_BAD_STATUS' || !PASSING.includes(error.status ?? 0)
}
