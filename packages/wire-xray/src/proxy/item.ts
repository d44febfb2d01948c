import type { Finding } from '../finding.ts'
import type { ByteRange, Direction } from '../span.ts'

/** Something that happened to a connection. */
interface Happened {
  /** Milliseconds since the proxy, or the recording, began: when the bytes came that are meant. */
  readonly at: number
  /** Which connection, counted from 1. */
  readonly connection: number
}

/** What an x-ray has to say, one after the other: what came, what it was, and how it ended. */
export type Item =
  | OpenItem
  | ReadItem
  | FindingItem
  | CompleteItem
  | WaitItem
  | EndItem
  | ErrorItem
  | GapItem
  | NoteItem

/** There is a connection to the target. */
export interface OpenItem extends Happened {
  readonly kind: 'open'
  /** Of the target, with its port. */
  readonly address?: string
  /** Milliseconds it took, from when the client had connected. */
  readonly took?: number
}

/** One read of a socket; what a TCP segment was, nobody up here can know. */
export interface ReadItem extends Happened {
  readonly kind: 'read'
  readonly direction: Direction
  /** Where in this direction's stream. */
  readonly range: ByteRange
  /** The bytes, credentials as stars; only where they were asked for. */
  readonly bytes?: Uint8Array
}

/** What bytes added up to. `at` is when the last of them came. */
export interface FindingItem extends Happened {
  readonly kind: 'finding'
  /** When the first of its bytes came. */
  readonly began: number
  /** The reads of its direction, counted from 0, that carried its first and its last byte. */
  readonly reads: readonly [first: number, last: number]
  readonly finding: Finding
}

/** A message is whole: a request has been asked, or an answer is over. `at` is when its last byte came. */
export interface CompleteItem extends Happened {
  readonly kind: 'complete'
  readonly direction: Direction
  /** Which exchange of the connection, counted from 0. */
  readonly exchange: number
}

/** What goes this way had to wait until whoever gets it took more: the client (`down`), or the server (`up`). */
export interface WaitItem extends Happened {
  readonly kind: 'wait'
  readonly direction: Direction
  readonly milliseconds: number
}

/** A direction has ended: whole, as far as TCP knows (`fin`), or not (`reset`). */
export interface EndItem extends Happened {
  readonly kind: 'fin' | 'reset'
  readonly direction: Direction
}

/** The connection broke in another way, or was never there. */
export interface ErrorItem extends Happened {
  readonly kind: 'error'
  /** A stable code, such as `TCP_TIMEOUT`. */
  readonly code: string
}

/** Bytes that went by unread, since the x-ray could not keep up. What comes behind them cannot be explained. */
export interface GapItem extends Happened {
  readonly kind: 'gap'
  readonly direction: Direction
  readonly size: number
}

/** A sentence for people about what is wrong, or what to do. */
export interface NoteItem extends Happened {
  readonly kind: 'note'
  readonly text: string
}
