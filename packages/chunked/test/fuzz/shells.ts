import { chunked } from '@sse-from-scratch/chunked'
import { type Handler, HttpError, latin1, request, serveConnection } from '@sse-from-scratch/http-raw'
import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { type ReadMessage, readMessages } from './read-messages.ts'

const transferCodings = [chunked]

export interface Served {
  /** What the handler was given, whole. */
  readonly requests: readonly ReadMessage[]
  /** What the client got for it. */
  readonly statuses: readonly number[]
}

/**
 * Serves a connection over which these reads come, and then a FIN. `methods` are those of the requests, as far as
 * somebody who knows can read them: the refusal of a HEAD has no body either.
 */
export async function serveReads(reads: readonly Uint8Array[], methods: readonly string[]): Promise<Served> {
  const requests: ReadMessage[] = []
  const handler: Handler = async ({ method, target, version, fields, body }, respond) => {
    const content = latin1(await body.bytes())
    const head = `${method} ${target} HTTP/${version}\r\n${fields}\r\n`
    requests.push({ head, body: content, trailers: String(body.trailers) })
    await respond(200, {}, 'read')
  }
  const [client, server] = memoryPair()
  const served = serveConnection(server, handler, { transferCodings, onError: () => {} })
  const output = readAll(client)
  await sendReads(client, reads)
  await served
  const { messages, outcome } = readMessages([await output], { answers: methods })
  if (outcome !== 'clean' && outcome !== 'closed') throw new Error(`the server's own answers are not HTTP: ${outcome}`)
  return { requests, statuses: messages.map(({ head }) => Number(head.slice(0, 3))) }
}

/** Asks, and gets these reads for an answer: what the caller of `request` sees, or the code of the error. */
export async function requestReads(method: string, reads: readonly Uint8Array[]): Promise<ReadMessage | string> {
  const [client, server] = memoryPair()
  const answered = (async () => {
    for (let text = ''; !text.includes('\r\n\r\n'); ) text += latin1((await server.read()) ?? Buffer.from('\r\n\r\n'))
    await sendReads(server, reads)
  })()
  try {
    await using response = await request('http://a.example/', { method, transferCodings, dial: async () => client })
    const { status, reason, version, fields, body } = response
    const content = latin1(await body.bytes())
    const head = `${status} ${reason} HTTP/${version}\r\n${fields}\r\n`
    return { head, body: content, trailers: String(body.trailers) }
  } catch (error) {
    if (error instanceof HttpError || error instanceof TcpError) return error.code
    throw error
  } finally {
    await answered
    client.abort()
  }
}

/** What the other side does not want any more is its affair. */
async function sendReads(connection: Connection, reads: readonly Uint8Array[]): Promise<void> {
  try {
    for (const read of reads) await connection.write(read)
    await connection.end()
  } catch {
    // it has closed
  }
}

async function readAll(connection: Connection): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of connection) parts.push(part)
  return Buffer.concat(parts)
}
