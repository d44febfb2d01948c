import { createChunkedEncoder } from '@sse-from-scratch/chunked'
import { fromSocket } from '@sse-from-scratch/tcp-echo'
import type { SendChunked } from './contract.ts'

export const sendChunked: SendChunked = async (socket, pieces) => {
  const connection = fromSocket(socket)
  const encoder = createChunkedEncoder()
  try {
    for await (const data of pieces) await connection.write(...encoder.encode(data))
    await connection.write(...encoder.end())
  } catch (error) {
    if (!connection.signal.aborted) throw error // the source failed; otherwise the client is gone
  }
}
