import type { Connection } from '@sse-from-scratch/tcp-echo'
import { toLatin1 } from './grammar.ts'
import { createOutgoingBody } from './outgoing.ts'
import type { FramedRequest, OutgoingRequest } from './outgoing-request.ts'

/**
 * Sends head and body. `undefined` if all of it has left; else resolves with whether it has, which it has not if the connection
 * is gone, or the server has heard enough. Rejects with what the caller did wrong.
 */
export function sendRequest(
  connection: Connection,
  request: OutgoingRequest,
  framed: FramedRequest,
  isEnough: () => boolean,
): Promise<boolean> | undefined {
  const { body, trailers } = request
  const { head, encoder } = framed
  if (body === undefined && trailers === undefined && connection.send) {
    const sent = connection.send(head, true)
    return sent === undefined ? undefined : delivered(sent)
  }
  if (trailers === undefined && (body === undefined || body instanceof Uint8Array)) {
    const content = body && body.length > 0 ? encoder.encode(body) : []
    return delivered(connection.write(toLatin1(head), ...content))
  }
  return stream(connection, request, framed, isEnough)
}

async function stream(
  connection: Connection,
  { body, trailers }: OutgoingRequest,
  { head, encoder }: FramedRequest,
  isEnough: () => boolean,
): Promise<boolean> {
  if (!(await delivered(connection.write(toLatin1(head))))) return false
  const outgoing = createOutgoingBody(connection, encoder, { peer: connection })
  for await (const piece of body instanceof Uint8Array ? [body] : (body ?? [])) {
    if (isEnough() || !(await delivered(outgoing.write(piece)))) return false
  }
  return delivered(outgoing.end(typeof trailers === 'function' ? await trailers() : trailers))
}

/** False if the connection is gone. That is not the end of the exchange: the answer may have arrived before. */
function delivered(write: Promise<void>): Promise<boolean> {
  return write.then(itWas, unlessOurFault)
}

function itWas(): true {
  return true
}

function unlessOurFault(error: unknown): false {
  if (error instanceof TypeError) throw error
  return false
}
