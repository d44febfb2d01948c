import { type AnswerDecoderOptions, createJsonForm, createStreamForm, type Form } from './answer-form.ts'
import { concat } from './concat.ts'
import { LlmError } from './errors.ts'
import type { LlmEvent } from './events.ts'
import { createLinesForm } from './lines-form.ts'
import type { LlmMapper } from './provider.ts'

export interface AnswerDecoder {
  /** Whether the provider has said that it is done: what follows is nobody's business. */
  readonly done: boolean
  /** Whether the end would be a good one now. */
  readonly settled: boolean
  push(bytes: Uint8Array, emit: (event: LlmEvent) => void): void
  /** @throws LlmError `LLM_TRUNCATED` when the provider had not said that it was done */
  end(emit: (event: LlmEvent) => void): void
}

/**
 * Body bytes in, LLM events out: an event stream, or the whole answer as one JSON document when a server does not
 * stream, or JSON line by line where the mapper says so.
 * Content-Type is wrong too often to ask it; the first character is not: no line of an event stream begins with `{` or `<`.
 */
export function createAnswerDecoder(mapper: LlmMapper, options: AnswerDecoderOptions): AnswerDecoder {
  let form: Form | undefined
  let blank = new Uint8Array() // what came before the first byte that says something

  return {
    get done() {
      return mapper.done
    },
    get settled() {
      return mapper.settled === true
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
      return mapper.lines ? createLinesForm(mapper, options) : createJsonForm(mapper, options)
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
