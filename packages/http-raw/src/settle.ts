import type { RequestBody } from './request-body.ts'
import type { Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'

/** What is still on its way, in either direction, comes before the next request. False if none can follow. */
export async function settle(responder: Responder, body: RequestBody | undefined, drainSize: number): Promise<boolean> {
  if (body && !(await isDrained(body, responder, drainSize))) return false
  await responder.sending?.catch(() => {}) // whoever does not read is not read from; a loss is found by the next read
  return true
}

/** Of a length that is known, all or nothing: an answer in full has told the client which (RFC 9112 §9.6). */
async function isDrained(body: RequestBody, { bodyLeft }: Responder, drainSize: number): Promise<boolean> {
  if (bodyLeft === undefined) return await body.drain(drainSize)
  return bodyLeft <= drainSize && (await body.drain(Number.POSITIVE_INFINITY))
}

/**
 * Whether an answer with this status, and a body of this size if it is known, leaves more of the request unread than that.
 * Who has answered in full reads no more; who has only begun to may, and until then we do not know.
 */
export function leavesTooMuch(
  { bodyLeft }: Responder,
  status: number,
  size: number | undefined,
  { drainSize }: ServerSettings,
): boolean {
  if (bodyLeft === undefined || bodyLeft <= drainSize) return false
  return size !== undefined || status === 204 || status === 304
}
