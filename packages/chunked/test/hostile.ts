import type { Connection, Listener } from '@sse-from-scratch/tcp-echo'
import { bytes } from './read-body.ts'

export const KIB: number = 1024
export const MIB: number = 1024 * KIB
export const OK: string = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

export function urlOf({ address }: Listener, path: string = '/'): string {
  return `http://127.0.0.1:${address.port}${path}`
}

/** Everything that still comes; whether the end was a FIN or a reset is all the same. */
export async function lastWords(connection: Connection): Promise<string> {
  let text = ''
  try {
    for await (const part of connection) text += Buffer.from(part).toString('latin1')
  } catch {
    // a reset: what came before it counts
  }
  return text
}

/** Everything up to the blank line, as far as it comes. */
export async function readHead(connection: Connection): Promise<void> {
  let text = ''
  while (!text.includes('\r\n\r\n')) text += Buffer.from((await connection.read()) ?? bytes('\r\n\r\n')).toString()
}
