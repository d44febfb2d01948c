import type { ResponseHead } from './head.ts'
import type { IncomingBody } from './incoming-body.ts'

/** A response as the caller of `request` sees it. */
export interface IncomingResponse extends ResponseHead, AsyncDisposable {
  /** Leaving a `for await` over it before the end closes the connection at once. */
  readonly body: IncomingBody
  /** Where it came from, after redirects, without a fragment. */
  readonly url: string
  /** Closes the connection at once, unless the response has arrived whole. */
  [Symbol.asyncDispose](): Promise<void>
}
