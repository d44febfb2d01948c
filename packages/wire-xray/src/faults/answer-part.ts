import type { RequestHead, ResponseHead } from '@sse-from-scratch/http-raw'

/** What answers are made of. The `bytes` of all parts, one after the other, are what came. */
export type Part =
  | { readonly kind: 'interim'; readonly bytes: Uint8Array }
  | AnswerHead
  /** A chunk with its framing (or 64 KiB of a larger one, as they came), or a piece of a body that has none. */
  | AnswerData
  /** The body is over: the last chunk and what comes behind it, or nothing. */
  | { readonly kind: 'end'; readonly bytes: Uint8Array }
  /** FIN came inside of the answer: what was left of a chunk, and the data in it. */
  | { readonly kind: 'cut'; readonly bytes: Uint8Array; readonly data: Uint8Array }
  /** From here on nobody can read it. */
  | { readonly kind: 'broken'; readonly bytes: Uint8Array }
  /** Behind that, or a tunnel. */
  | { readonly kind: 'opaque'; readonly bytes: Uint8Array }

/** The head of a final response, and what it answers. */
export interface AnswerHead {
  readonly kind: 'head'
  readonly bytes: Uint8Array
  readonly head: ResponseHead
  readonly framing: 'chunked' | 'length' | 'close' | 'none'
  readonly request: RequestHead | undefined
}

/** A piece of a body. */
export interface AnswerData {
  readonly kind: 'data'
  readonly bytes: Uint8Array
  readonly data: Uint8Array
  /** Where in the bytes the data begins: behind the chunk-size line, where there is one. */
  readonly from: number
}
