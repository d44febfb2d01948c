import { chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder, HttpError } from '@sse-from-scratch/http-raw'
import type { Connection } from '@sse-from-scratch/tcp-echo'

/** Reads until the answer is over, or the connection. What a decoder refuses is read on: the server may go on, too. */
export async function readAnswer(connection: Connection, method: string): Promise<void> {
  const decoder = createResponseDecoder(method, { transferCodings: [chunked] })
  let isOver = false
  for (
    let bytes = await connection.read();
    bytes !== null && !isOver;
    bytes = isOver ? null : await connection.read()
  ) {
    try {
      decoder.push(bytes, ({ kind }) => {
        isOver ||= kind === 'end'
      })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      return
    }
  }
}
