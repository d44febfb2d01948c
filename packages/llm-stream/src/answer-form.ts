import { createEventDecoder, type EventStreamItem, SseError } from '@sse-from-scratch/sse-client/decoder'
import { createBareError } from './bare-error.ts'
import { LlmError } from './errors.ts'
import type { LlmEvent } from './events.ts'
import type { LlmMapper } from './provider.ts'

export interface AnswerDecoderOptions {
  /** Characters one event may have. */
  readonly maxEventSize: number
  /** Whether an event at the end that lacks its blank line counts. */
  readonly flushLastEvent: boolean
  /** The response's Content-Type, for the error message only: the bytes decide. */
  readonly contentType: string | null
}

/** How a body carries its answer. */
export interface Form {
  readonly name: 'event-stream' | 'json' | 'lines'
  /** Whether there was anything in it for the mapper. */
  readonly empty: boolean
  push(bytes: Uint8Array, emit: (event: LlmEvent) => void): void
  end(emit: (event: LlmEvent) => void): void
}

/** An event stream (HTML §9.2.5). */
export function createStreamForm(mapper: LlmMapper, { maxEventSize, flushLastEvent }: AnswerDecoderOptions): Form {
  const decoder = createEventDecoder({ maxEventSize })
  const bareError = mapper.bareErrors ? createBareError() : undefined
  let empty = true

  const take = (emit: (event: LlmEvent) => void) => (item: EventStreamItem) => {
    if (item.kind !== 'event') return
    empty = false
    for (const event of mapper.map(item.event)) emit(event)
  }

  return {
    name: 'event-stream',
    get empty() {
      return empty
    },
    push(bytes, emit) {
      bareError?.push(bytes)
      try {
        decoder.push(bytes, take(emit))
      } catch (error) {
        if (error instanceof SseError) {
          throw new LlmError('LLM_PROTOCOL', `${error.message} (maxEventSize)`, { cause: error })
        }
        throw error
      }
    },
    // HTML §9.2.6 discards an unfinished block. More forgiving: some providers end without the last blank line.
    end(emit) {
      if (flushLastEvent) flush(emit)
      bareError?.find(mapper, emit)
    },
  }

  function flush(emit: (event: LlmEvent) => void): void {
    try {
      decoder.push(Uint8Array.of(0x0a, 0x0a), take(emit))
    } catch (error) {
      if (!(error instanceof LlmError && error.code === 'LLM_PROTOCOL')) throw error // half an event is no event
    }
  }
}

/** One JSON document: the mapper gets it as one event. */
export function createJsonForm(mapper: LlmMapper, { maxEventSize }: AnswerDecoderOptions): Form {
  const utf8 = new TextDecoder()
  let text = ''
  let size = 0
  return {
    name: 'json',
    empty: false,
    push(bytes) {
      size += bytes.length
      if (size > maxEventSize) {
        throw new LlmError('LLM_PROTOCOL', `a JSON body is longer than ${maxEventSize} bytes (maxEventSize)`)
      }
      text += utf8.decode(bytes, { stream: true })
    },
    end(emit) {
      const data = text + utf8.decode()
      for (const event of mapper.map({ type: 'message', data, lastEventId: '' })) emit(event)
    },
  }
}
