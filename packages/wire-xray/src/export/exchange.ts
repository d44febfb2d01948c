import type { RequestHead, ResponseHead } from '@sse-from-scratch/http-raw'

/** A piece of a body, without its framing, and when it was read. */
export interface TimedPiece {
  readonly at: number
  readonly bytes: Uint8Array
}

/** One message of an exchange. Times are those of the recording, in milliseconds. */
export interface Message<Head> {
  head: Head | undefined
  /** When its first bytes came. */
  readonly beganAt: number
  /** When the last did. */
  endedAt: number
  /** Bytes on the wire, the head and the framing included. */
  wireSize: number
  readonly pieces: TimedPiece[]
  /** `complete`: its end was there. `cut`: the connection ended first. `broken`: nobody can read it. `open`: unknown. */
  end: 'complete' | 'cut' | 'broken' | 'open'
}

/** A request and what came back. */
export interface Exchange {
  readonly connection: number
  readonly request: Message<RequestHead>
  response: Message<ResponseHead> | undefined
  /** The reads that came while it was under way. */
  readonly reads: { readonly at: number; readonly direction: 'up' | 'down'; readonly size: number }[]
  /** How its connection ended, if that ended the answer: `fin`, `reset`, or a code. */
  failure: string | undefined
}
