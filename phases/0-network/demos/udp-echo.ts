import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'

export interface UdpEcho extends AsyncDisposable {
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

export interface UdpEchoOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Default 127.0.0.1. Think before you open it to everybody: who forges the sender's address makes us answer somebody else. */
  readonly host?: string
  readonly onDatagram?: (datagram: Uint8Array, from: RemoteInfo) => void
}

/**
 * The echo service of RFC 862 over UDP: each datagram goes back to where it says it comes from.
 *
 * Compare `listen` of tcp-echo: no accept, no connection, no close. One socket hears everybody, and nobody ever leaves.
 */
export async function startUdpEcho(options: UdpEchoOptions = {}): Promise<UdpEcho> {
  const { port = 0, host = '127.0.0.1', onDatagram = () => {} } = options
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    // Node would bind 70000 to port 4464, which is what is left of it in 16 bits.
    throw new RangeError(`port must be a whole number from 0 to 65535, not ${port}`)
  }
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (datagram, from) => {
    onDatagram(datagram, from)
    socket.send(datagram, from.port, from.address, ignore)
  })
  socket.bind(port, host)
  await once(socket, 'listening')
  socket.on('error', ignore)
  const { address, port: bound } = socket.address()
  const close = () => closed(socket)
  return { address, port: bound, close, [Symbol.asyncDispose]: close }
}

/** UDP promises nothing, so there is nobody to tell that a datagram could not be sent. */
export function ignore(): void {}

export async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.close(resolve))
}
