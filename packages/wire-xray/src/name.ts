import type { Found } from './finding.ts'
import type { Layer } from './span.ts'

/** What a byte is called. */
export interface Name {
  readonly layer: Layer
  readonly element: string
}

/** Content we do not look into. */
export const MESSAGE_BODY: Name = { layer: 'body', element: 'message-body' }
/** Behind a 101, or a CONNECT that succeeded: no longer HTTP. */
export const TUNNEL: Name = { layer: 'body', element: 'tunnel' }
/** The first byte a decoder refused, and all behind it. */
export const UNREADABLE: Name = { layer: 'body', element: 'unreadable' }

/** Names the bytes of a message's content: what is left of its body without the framing. */
export interface ContentNamer {
  name(byte: number, offset: number): Name
  /** The content is over: whole, or cut. */
  end(): void
}

/** Reports a finding of one direction. */
export type Find = (found: Found) => void
