import { connect } from 'node:net'
import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import { parseResponseHead } from '@sse-from-scratch/http-raw'
import type { GetChunked } from '../contract.ts'

export const getChunked: GetChunked = async function* (url) {
  const { host, hostname, port, pathname, search } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) || 80 })
  try {
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`)
    const decoder = createChunkedDecoder()
    let head: Uint8Array | undefined = new Uint8Array(0) // as much as has come; undefined once it is read
    for await (const read of socket) {
      let body: Uint8Array = read
      if (head !== undefined) {
        head = Buffer.concat([head, read])
        const end = Buffer.from(head).indexOf('\r\n\r\n')
        if (end === -1) continue // the head goes on in the next read
        check(head.subarray(0, end))
        body = head.subarray(end + 4) // the first chunks often come in the same read
        head = undefined
      }
      const pieces: Uint8Array[] = []
      decoder.push(body, (event) => event.kind === 'data' && pieces.push(event.data))
      yield* pieces
      if (decoder.state === 'done') return // whether the server closes the connection or not
    }
    throw failure('Truncated', 'the connection ended before the body')
  } finally {
    socket.destroy() // also when the caller leaves the loop, which ends this function at its yield
  }
}

function check(head: Uint8Array): void {
  const { fields } = parseResponseHead(Buffer.from(head).toString('latin1'))
  if (fields.list('transfer-encoding').join() !== 'chunked') throw failure('NotChunked', 'the answer is not chunked')
}

function failure(code: 'Truncated' | 'NotChunked', message: string): Error {
  return Object.assign(new Error(message), { code })
}
