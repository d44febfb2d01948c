import type { IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import type { WireRecorder } from './wire.ts'

/** One request on one connection, whose written bytes can be watched. */
export interface Exchange {
  readonly request: IncomingRequest
  readonly respond: Respond
  readonly query: URLSearchParams
  /** Gives every byte written from now on to `recorder`, or to nobody. */
  watch(recorder: WireRecorder | undefined): void
}
