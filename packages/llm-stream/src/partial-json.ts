import { LlmError } from './errors.ts'
import { createJsonParser } from './json-parser.ts'

/** How much JSON may come. */
export interface PartialJsonOptions {
  /** Arrays and objects inside one another. 256. */
  readonly maxDepth?: number
  /** Characters in all. 16 Mi. */
  readonly maxSize?: number
}

/** A JSON text (RFC 8259) that is still being written, such as the arguments of a tool call. */
export interface PartialJson {
  /** Takes the next characters, cut anywhere, and returns `value`. Never throws: see `error`. */
  push(text: string): unknown
  /**
   * What is certain of the value so far; `undefined` before anything is. It only grows: a string as far as it came, never
   * half an escape or half a character; a number, `true`, `false` and `null` once they are over; a member once its value
   * has begun. (A number that is the whole text is the exception: every digit may be its last.)
   *
   * Arrays and objects are filled in place and are the same ones all the time: copy what is to stay as it is.
   */
  readonly value: unknown
  /** Whether the text so far is valid JSON; then `value` is what `JSON.parse` makes of it. */
  readonly complete: boolean
  /** `LLM_PROTOCOL` once a character came that no JSON text has there, or one too many. Nothing is taken after that. */
  readonly error: LlmError | undefined
}

/**
 * Reads JSON while it is written, at a cost per character that does not grow with the text.
 *
 * @throws RangeError for a limit that is not a whole number above 0
 */
export function createPartialJson(options: PartialJsonOptions = {}): PartialJson {
  const { maxDepth = 256, maxSize = 16 * 1024 * 1024 } = options
  checkLimit('maxDepth', maxDepth)
  checkLimit('maxSize', maxSize)
  const parser = createJsonParser(maxDepth, refuse)
  let size = 0 // characters in the pieces before this one
  let error: LlmError | undefined

  function refuse(why: string, at?: number): void {
    const where = at === undefined ? '' : `character ${size + at} `
    error ??= new LlmError('LLM_PROTOCOL', `this is not JSON that can be read: ${where}${why}`)
  }

  return {
    push(text) {
      if (size + text.length > maxSize) refuse(`it has more than ${maxSize} characters (maxSize)`)
      for (let at = 0; at < text.length && !error; ) at = parser.take(text, at)
      size += text.length
      return parser.value
    },
    get value() {
      return parser.value
    },
    get complete() {
      return parser.whole && !error
    },
    get error() {
      return error
    },
  }
}

function checkLimit(name: string, limit: number): void {
  if (Number.isInteger(limit) && limit > 0) return
  throw new RangeError(`${name} must be a whole number above 0, not ${limit}`)
}
