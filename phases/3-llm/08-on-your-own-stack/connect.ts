import { once } from 'node:events'
import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** TCP, or TLS over it: writes the request, and hands out each read. Whoever leaves the loop, and however, closes the connection. */
export async function* connect(url: URL, request: Uint8Array, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted()
  const isTls = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') // an IPv6 address has brackets in a URL
  const address = { host, port: Number(url.port) || (isTls ? 443 : 80) }
  const socket = isTls ? connectTls({ ...address, servername: isIP(host) ? '' : host }) : connectTcp(address)
  const stop = () => socket.destroy(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect')
    socket.write(request)
    yield* socket
  } finally {
    signal?.removeEventListener('abort', stop)
    socket.destroy()
  }
}
