import type { AddressInfo, Server } from 'node:net'
import type { Endpoint } from './connection.ts'
import { TcpError, toTcpError } from './errors.ts'

/** Starts to listen; rejects with what the system has against it. */
export function bind(server: Server, port: number, host: string): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(notBound(toTcpError(error), port, host))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      const { address, port } = server.address() as AddressInfo
      resolve({ address, port })
    })
  })
}

/** What is met most often says what to do about it. */
function notBound(error: TcpError, port: number, host: string): TcpError {
  if (error.code !== 'TCP_ADDRESS_IN_USE') return error
  const advice = 'stop it, or listen on another port: 0 takes any that is free'
  return new TcpError(error.code, `port ${port} of ${host} is taken by another program: ${advice}`, {
    cause: error.cause,
  })
}
