import { createEventDecoder, type EventStreamItem, SseError } from '@sse-from-scratch/sse-client/decoder'
import { concat } from './concat.ts'
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

export interface AnswerDecoder {
  /** Whether the provider has said that it is done: what follows is nobody's business. */
  readonly done: boolean
  push(bytes: Uint8Array, emit: (event: LlmEvent) => void): void
  /** @throws LlmError `LLM_TRUNCATED` if the provider had not said that it was done */
  end(emit: (event: LlmEvent) => void): void
}

/**
 * Body bytes in, LLM events out: an event stream, or the whole answer as one JSON document when a server does not stream.
 * Content-Type is wrong too often to ask it; the first character is not: no line of an event stream begins with `{` or `<`.
 */
export function createAnswerDecoder(mapper: LlmMapper, options: AnswerDecoderOptions): AnswerDecoder {
  let form: Form | undefined
  let blank = new Uint8Array() // what came before the first byte that says something

  return {
    get done() {
      return mapper.done
    },
    push(bytes, emit) {
      if (mapper.done) return
      if (form) return form.push(bytes, emit)
      blank = concat([blank, bytes])
      form = formOf(blank, mapper, options)
      form?.push(blank, emit)
    },
    end(emit) {
      form?.end(emit)
      if (mapper.done) return
      for (const event of mapper.end()) emit(event)
      if (!mapper.done) throw unfinished(form, options)
    },
  }
}

interface Form {
  readonly name: 'event-stream' | 'json'
  /** Whether there was anything in it for the mapper. */
  readonly empty: boolean
  push(bytes: Uint8Array, emit: (event: LlmEvent) => void): void
  end(emit: (event: LlmEvent) => void): void
}

/** Nobody means anything by more blanks than this. */
const MAX_BLANK = 1024
const BLANK: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]) // and the three bytes of a BOM

/** What the first byte that is not blank says; `undefined` while there is none to be seen. */
function formOf(bytes: Uint8Array, mapper: LlmMapper, options: AnswerDecoderOptions): Form | undefined {
  const first = bytes.find((byte) => !BLANK.has(byte))
  switch (first) {
    case undefined:
      return bytes.length > MAX_BLANK ? createStreamForm(mapper, options) : undefined
    case 0x7b: // {
    case 0x5b: // [
      return createJsonForm(mapper, options)
    case 0x3c: // <
      throw new LlmError(
        'LLM_PROTOCOL',
        'an HTML page came where a stream was asked for: check the base URL (does it miss a /v1?), then proxies and login pages on the way',
      )
    case 0x1f:
      throw new LlmError('LLM_PROTOCOL', 'the body is compressed, which was not asked for')
    default:
      return createStreamForm(mapper, options)
  }
}

function createStreamForm(mapper: LlmMapper, { maxEventSize, flushLastEvent }: AnswerDecoderOptions): Form {
  const decoder = createEventDecoder({ maxEventSize })
  let empty = true

  const take = (emit: (event: LlmEvent) => void) => (item: EventStreamItem) => {
    if (item.kind !== 'event' || mapper.done) return
    empty = false
    for (const event of mapper.map(item.event)) emit(event)
  }

  return {
    name: 'event-stream',
    get empty() {
      return empty
    },
    push(bytes, emit) {
      try {
        decoder.push(bytes, take(emit))
      } catch (error) {
        if (error instanceof SseError) throw new LlmError('LLM_PROTOCOL', error.message, { cause: error })
        throw error
      }
    },
    // HTML §9.2.6 discards an unfinished block. More forgiving: some providers end without the last blank line.
    end(emit) {
      if (!flushLastEvent) return
      try {
        decoder.push(Uint8Array.of(0x0a, 0x0a), take(emit))
      } catch (error) {
        if (!(error instanceof LlmError && error.code === 'LLM_PROTOCOL')) throw error // half an event is no event
      }
    },
  }
}

function createJsonForm(mapper: LlmMapper, { maxEventSize }: AnswerDecoderOptions): Form {
  const utf8 = new TextDecoder()
  let text = ''
  return {
    name: 'json',
    empty: false,
    push(bytes) {
      text += utf8.decode(bytes, { stream: true })
      if (text.length > maxEventSize) {
        throw new LlmError('LLM_PROTOCOL', `a JSON body is longer than ${maxEventSize} characters`)
      }
    },
    end(emit) {
      const data = text + utf8.decode()
      for (const event of mapper.map({ type: 'message', data, lastEventId: '' })) emit(event)
    },
  }
}

function unfinished(form: Form | undefined, { contentType }: AnswerDecoderOptions): LlmError {
  if (form?.name === 'json') {
    return new LlmError(
      'LLM_PROTOCOL',
      'a JSON document came where a stream was asked for, and it is not a whole answer',
    )
  }
  const isStream = contentType !== null && /^text\/event-stream\b/i.test(contentType.trim())
  if (form?.empty && !isStream) {
    return new LlmError('LLM_PROTOCOL', `${contentType ?? 'a body of no type'} came where a stream was asked for`)
  }
  return new LlmError('LLM_TRUNCATED', 'the stream ended without saying that it was done')
}
