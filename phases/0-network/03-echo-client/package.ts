import { connect } from '@sse-from-scratch/tcp-echo'
import type { EchoOnce } from './contract.ts'

export const echoOnce: EchoOnce = async (port, message, { timeoutMs = 2_000 } = {}) => {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    await using connection = await connect({ port, signal })
    signal.addEventListener('abort', () => connection.abort(signal.reason))
    const reads: Uint8Array[] = []
    const sent = connection.write(message).then(() => connection.end())
    for await (const bytes of connection) reads.push(bytes)
    await sent
    return Buffer.concat(reads)
  } catch (cause) {
    const code = signal.aborted ? 'ETIMEDOUT' : 'ECONNREFUSED' // the package has codes of its own: TCP_REFUSED
    throw Object.assign(new Error((cause as Error).message, { cause }), { code })
  }
}
