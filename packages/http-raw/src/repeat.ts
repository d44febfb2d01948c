import { TcpError } from '@sse-from-scratch/tcp-echo'
import { HttpError } from './errors.ts'
import type { Lease } from './lease.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

/** What asking twice does no harm to (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/**
 * Whether to send a request again, on a fresh connection (RFC 9112 §9.3.1). A server may close a kept connection in the
 * very moment in which we use it, and nobody is to blame; but not one byte of an answer may have come, and the request
 * must be one that may reach the server twice. A streamed body has been consumed, and cannot be sent again.
 */
export function mayRepeat(
  { method, body }: OutgoingRequest,
  lease: Lease,
  error: unknown,
  idempotent: boolean = IDEMPOTENT.has(method),
): boolean {
  if (!lease.reused || lease.heard || !idempotent) return false
  return (body === undefined || body instanceof Uint8Array) && isGone(error)
}

/** The connection had ended, in whichever way. That the server was slow is another matter. */
function isGone(error: unknown): boolean {
  if (error instanceof HttpError) return error.code === 'HTTP_INCOMPLETE'
  return error instanceof TcpError && error.code !== 'TCP_TIMEOUT'
}
