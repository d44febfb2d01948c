import type { Connection } from '@sse-from-scratch/tcp-echo'
import { HttpError } from './errors.ts'
import { Fields } from './fields.ts'
import { encodeRequestHead, type ResponseHead } from './head.ts'
import { createResponseHeadDecoder } from './head-decoder.ts'
import type { Limits } from './limits.ts'
import { reasonPhrase } from './status.ts'

/**
 * Asks a proxy to connect us to `authority` (RFC 9110 §9.3.6). Afterwards the connection leads there; what the other end
 * has sent in the meantime is the next thing to be read.
 */
export async function openTunnel(
  connection: Connection,
  authority: string,
  fields: Fields,
  limits: Limits,
): Promise<void> {
  const head = { method: 'CONNECT', target: authority, version: '1.1', fields: withHost(fields, authority) } as const
  void connection.write(encodeRequestHead(head)) // if it is not delivered, reading will tell why
  const { status } = await finalHead(connection, limits)
  if (status >= 200 && status < 300) return // whatever its fields say of a body: it has none
  throw new HttpError('HTTP_PROXY_REFUSED', `the proxy answered ${status} ${reasonPhrase(status)}`.trimEnd(), {
    status,
  })
}

function withHost(fields: Fields, authority: string): Fields {
  return new Fields([['Host', authority], ...fields])
}

/** Only heads: the body of a refusal is the proxy's business, and so is its transfer coding. */
async function finalHead(connection: Connection, limits: Limits): Promise<ResponseHead> {
  const decoder = createResponseHeadDecoder(limits)
  let final: ResponseHead | undefined
  let interim = 0
  const take = (head: ResponseHead) => {
    if (head.status >= 200) final = head
    else if (++interim > limits.interimResponses) {
      throw new HttpError('HTTP_TOO_MANY_INTERIM', `more than ${limits.interimResponses} interim responses`)
    }
  }
  while (final === undefined) {
    const bytes = await connection.read()
    if (bytes === null) throw new HttpError('HTTP_INCOMPLETE', 'the proxy closed without answering')
    let taken = 0
    while (final === undefined && taken < bytes.length) taken += decoder.push(bytes.subarray(taken), take)
    connection.unread(bytes.subarray(taken))
  }
  return final
}
