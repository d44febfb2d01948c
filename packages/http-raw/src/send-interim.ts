import type { AnswerLine } from './answer-line.ts'
import type { Fields } from './fields.ts'
import { frameInterim } from './frame-response.ts'
import { toLatin1 } from './grammar.ts'
import type { RequestHead } from './head.ts'
import type { OutgoingBody } from './outgoing-body.ts'

/** A 1xx that is not the end of HTTP: the answer itself is still to come (RFC 9110 §15.2). */
export function isInterim(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101
}

/**
 * Sends one, if the client can know it. RFC 9110 §15.2: a server MUST NOT send a 1xx response to an HTTP/1.0 client, nor can
 * it claim to be one and do so. Rejects with a `RangeError` for a status that is not one.
 */
export async function sendInterim(
  line: Pick<AnswerLine, 'connection' | 'settings' | 'ended'>,
  request: RequestHead | undefined,
  status: number,
  fields: Fields,
): Promise<OutgoingBody> {
  const { version } = line.settings
  const head = toLatin1(frameInterim(status, fields, version))
  if (request?.version === '1.1' && version === '1.1') await line.connection.write(head)
  return line.ended
}
