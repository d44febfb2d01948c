/** Which way bytes went: `up` to the server, `down` from it. */
export type RecordedDirection = 'up' | 'down'

/** Something that happened to a connection. */
interface Recorded {
  /** Milliseconds since the recording began. */
  readonly at: number
  /** Which connection of the recording, counted from 1. */
  readonly connection: number
}

/** One entry of a recording: what a connection carried, in the pieces in which it came, and how it ended. */
export type RecordedRead =
  | RecordedOpen
  | RecordedBytes
  | RecordedEnd
  | RecordedReset
  | RecordedError
  | RecordedStall
  | RecordedWait
  | RecordedGap

/** The connection is there, TLS included. */
export interface RecordedOpen extends Recorded {
  readonly kind: 'open'
  /** Of the server, with its port. */
  readonly address?: string
  /** The version of TLS, if there is any: the bytes are those inside of it. */
  readonly tls?: string
  readonly alpn?: string
  /** Milliseconds it took. */
  readonly took?: number
}

/** One read (`down`) or one write (`up`). Secrets are stars, one for a byte: every offset is true. */
export interface RecordedBytes extends Recorded {
  readonly kind: 'bytes'
  readonly direction: RecordedDirection
  readonly bytes: Uint8Array
}

/** FIN: nothing more comes from this side. */
export interface RecordedEnd extends Recorded {
  readonly kind: 'fin'
  readonly direction: RecordedDirection
}

/** The connection was dropped, by the server (`down`) or by us (`up`). */
export interface RecordedReset extends Recorded {
  readonly kind: 'reset'
  readonly direction: RecordedDirection
}

/** The connection broke in another way, or was never there. */
export interface RecordedError extends Recorded {
  readonly kind: 'error'
  /** A code, such as `TCP_TIMEOUT`. */
  readonly code: string
}

/** Nothing happened for so long, and then the recording ended. */
export interface RecordedStall extends Recorded {
  readonly kind: 'stall'
  readonly milliseconds: number
}

/** What goes this way had to wait so long until whoever gets it took more: for a slow client (`down`), or server (`up`). */
export interface RecordedWait extends Recorded {
  readonly kind: 'wait'
  readonly direction: RecordedDirection
  readonly milliseconds: number
}

/** Bytes that went by and were not recorded, since whoever writes the recording could not keep up. */
export interface RecordedGap extends Recorded {
  readonly kind: 'gap'
  readonly direction: RecordedDirection
  readonly size: number
}
