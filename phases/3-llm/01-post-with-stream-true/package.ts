import { request } from '@sse-from-scratch/chunked'
import type { IncomingResponse } from '@sse-from-scratch/http-raw'
import { TcpError } from '@sse-from-scratch/tcp-echo'
import type { PostStream } from './contract.ts'

/** The HTTP that llm-stream sends its requests with. */
export const postStream: PostStream = async (url, { headers, json, signal, ca }) => {
  const own = { Accept: 'text/event-stream', 'Content-Type': 'application/json' }
  const response = await named(
    request(url, {
      method: 'POST',
      fields: { ...own, ...headers, Connection: 'close' },
      body: JSON.stringify(json),
      ...(signal && { signal }),
      ...(ca !== undefined && { tls: { ca } }),
    }),
  )
  const lines = [...response.fields].map(([name, value]) => [name.toLowerCase(), value])
  return { status: response.status, headers: Object.fromEntries(lines), body: bodyOf(response) }
}

async function* bodyOf(response: IncomingResponse): AsyncGenerator<Uint8Array> {
  await using _ = response
  const pieces = response.body[Symbol.asyncIterator]()
  for (;;) {
    const { value, done } = await named<IteratorResult<Uint8Array, unknown>>(pieces.next())
    if (done) return
    yield value
  }
}

/** The same error, with the code that the contract has for it. */
async function named<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof TcpError) throw error.cause // as Node says it
    const isCut = error instanceof Error && 'code' in error && /_INCOMPLETE$/.test(`${error.code}`)
    throw isCut ? Object.assign(new Error(error.message, { cause: error }), { code: 'Truncated' }) : error
  }
}
