import type { AnswerDecoderOptions, Form } from './answer-form.ts'
import { concat } from './concat.ts'
import { LlmError } from './errors.ts'
import type { LlmEvent } from './events.ts'
import type { LlmMapper } from './provider.ts'

const LF = 0x0a

/** A JSON object a line (NDJSON): the mapper gets each line as an event. Bytes wait until their line is whole. */
export function createLinesForm(mapper: LlmMapper, { maxEventSize, flushLastEvent }: AnswerDecoderOptions): Form {
  const utf8 = new TextDecoder()
  let parts: Uint8Array[] = [] // of the line that has not ended
  let size = 0

  function keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    size += bytes.length
    if (size > maxEventSize) {
      throw new LlmError('LLM_PROTOCOL', `a line is longer than ${maxEventSize} bytes (maxEventSize)`)
    }
    parts.push(Uint8Array.from(bytes)) // views are only valid now
  }

  function take(emit: (event: LlmEvent) => void): void {
    const data = utf8.decode(parts.length === 1 ? parts[0] : concat(parts))
    parts = []
    size = 0
    for (const event of mapper.map({ type: 'message', data, lastEventId: '' })) emit(event)
  }

  return {
    name: 'lines',
    empty: false,
    push(bytes, emit) {
      let from = 0
      for (let end = bytes.indexOf(LF); end !== -1 && !mapper.done; end = bytes.indexOf(LF, from)) {
        keep(bytes.subarray(from, end))
        from = end + 1
        take(emit)
      }
      if (!mapper.done) keep(bytes.subarray(from)) // what follows the last line is nobody's business
    },
    // A last line without its line feed is whole if it is JSON, and cut if it is not.
    end(emit) {
      if (!flushLastEvent || size === 0) return
      try {
        take(emit)
      } catch (error) {
        if (!(error instanceof LlmError && error.code === 'LLM_PROTOCOL')) throw error
      }
    },
  }
}
