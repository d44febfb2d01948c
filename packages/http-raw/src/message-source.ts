import type { Connection } from '@sse-from-scratch/tcp-echo'

/** Where the bytes of a message come from. */
export type MessageSource = Pick<Connection, 'read' | 'receive' | 'unread'>

export interface MessageEventsOptions {
  /** The head has been read already: the decoder is that of the body. */
  readonly headless?: boolean
  /** Gives up on a read of the body that takes too long. */
  readonly within?: (read: Promise<Uint8Array | null>) => Promise<Uint8Array | null>
  /** Runs before the body is first waited for, unless some of it is there already. */
  readonly beforeBody?: () => Promise<void>
  /** The last byte of the message has arrived, and what came behind it has been given back; some may be unread here. */
  readonly onComplete?: () => void
  /** Once aborted, nothing is given out any more. */
  readonly signal?: AbortSignal | undefined
}
