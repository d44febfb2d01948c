import { connect } from 'node:net'
import type { EchoOnce } from '../contract.ts'

export const echoOnce: EchoOnce = async (port, message, { timeoutMs = 2_000 } = {}) => {
  const socket = connect(port, '127.0.0.1')
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), timeoutMs)
  })
  const reads: Uint8Array[] = []
  try {
    socket.end(message) // it is sent when we are connected, and FIN behind it; meanwhile we read
    const all = (async () => {
      for await (const bytes of socket) reads.push(bytes)
    })()
    await Promise.race([all, late])
    return Buffer.concat(reads)
  } finally {
    clearTimeout(timer)
  }
}
