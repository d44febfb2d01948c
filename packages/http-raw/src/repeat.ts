import { TcpError } from '@sse-from-scratch/tcp-echo'
import { HttpError } from './errors.ts'
import type { Lease } from './lease.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

/** What asking twice does no harm to (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/**
 * Whether a request may reach the server twice. A streamed body has been consumed, and cannot be sent again. `idempotent`
 * is what the caller says of it, if anything.
 */
export function isRepeatable({ method, body }: OutgoingRequest, idempotent?: boolean): boolean {
  return (idempotent ?? IDEMPOTENT.has(method)) && (body === undefined || body instanceof Uint8Array)
}

/**
 * Whether to send such a request again, on a fresh connection (RFC 9112 §9.3.1). A server may close a kept connection in
 * the very moment in which we use it, and nobody is to blame; but not one byte of an answer may have come.
 */
export function wasStale({ reused, heard }: Lease, error: unknown): boolean {
  return reused && !heard && isGone(error)
}

/** The connection had ended, in whichever way. That the server was slow is another matter. */
function isGone(error: unknown): boolean {
  if (error instanceof HttpError) return error.code === 'HTTP_INCOMPLETE'
  return error instanceof TcpError && error.code !== 'TCP_TIMEOUT'
}
