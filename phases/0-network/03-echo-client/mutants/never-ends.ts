import { connect } from 'node:net'
import type { EchoOnce } from '../contract.ts'

export const echoOnce: EchoOnce = async (port, message, { timeoutMs = 2_000 } = {}) => {
  const socket = connect(port, '127.0.0.1')
  // For the whole of it. `socket.setTimeout` would begin anew with every byte: a slow server could hold us for ever.
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`no whole answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }))
  }, timeoutMs)
  const reads: Uint8Array[] = []
  try {
    socket.write(message)
    for await (const bytes of socket) reads.push(bytes) // until FIN; throws what went wrong
    return Buffer.concat(reads)
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}
