import { connect } from 'node:net'
import type { EchoOnce } from '../contract.ts'

export const echoOnce: EchoOnce = async (port, message, { timeoutMs = 2_000 } = {}) => {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(timeoutMs, () => {
    socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
  })
  const reads: Uint8Array[] = []
  try {
    socket.end(message) // it is sent when we are connected, and FIN behind it; meanwhile we read
    for await (const bytes of socket) reads.push(bytes) // until FIN; throws what went wrong
    return Buffer.concat(reads)
  } finally {
    socket.destroy()
  }
}
