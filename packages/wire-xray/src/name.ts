import type { Finding, FindingKind, Layer } from './span.ts'

/** What a byte is called. */
export interface Name {
  readonly layer: Layer
  readonly element: string
}

/** Content we do not look into. */
export const MESSAGE_BODY: Name = { layer: 'body', element: 'message-body' }
/** Behind the first byte a decoder refused. */
export const UNREADABLE: Name = { layer: 'body', element: 'unreadable' }
/** Behind a 101, or a CONNECT that succeeded: no longer HTTP. */
export const TUNNEL: Name = { layer: 'body', element: 'tunnel' }

/** Names the bytes of a message's content: what is left of its body without the framing. */
export interface ContentNamer {
  name(byte: number, offset: number): Name
  end(): void
}

/** Reports a finding of one direction. */
export type Find = (
  layer: Layer,
  kind: FindingKind,
  summary: string,
  bytes: Finding['bytes'],
  code?: string | undefined,
) => void
