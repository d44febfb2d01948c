import type { LlmEvent } from './events.ts'
import { parseJson } from './json.ts'
import type { LlmMapper } from './provider.ts'

/** Bytes at the end of a stream in which an error is looked for. */
const MAX_TAIL = 16 * 1024

/** Keeps the end of a stream, for servers that break it off with an error as bare JSON, where `data:` should be. */
export interface BareError {
  push(bytes: Uint8Array): void
  /** Gives the mapper the JSON that ends the stream, if there is any. @throws LlmError the error in it */
  find(mapper: LlmMapper, emit: (event: LlmEvent) => void): void
}

export function createBareError(): BareError {
  const tail = new Uint8Array(2 * MAX_TAIL)
  let size = 0
  return {
    push(bytes) {
      const news = bytes.subarray(-MAX_TAIL)
      if (size + news.length > tail.length) {
        tail.copyWithin(0, size - (MAX_TAIL - news.length), size)
        size = MAX_TAIL - news.length
      }
      tail.set(news, size)
      size += news.length
    },
    find(mapper, emit) {
      const text = new TextDecoder().decode(tail.subarray(0, size))
      const data = /(?:^|\r\n|\r|\n)(\{[\s\S]*)$/.exec(text)?.[1] // from the first line that begins with a brace
      if (data === undefined || parseJson(data) === undefined) return
      for (const event of mapper.map({ type: 'message', data, lastEventId: '' })) emit(event)
    },
  }
}
