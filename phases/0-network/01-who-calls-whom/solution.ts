import type { DescribeConnection, Endpoint } from './contract.ts'

export const describeConnection: DescribeConnection = (socket, side) => {
  const local = endpoint(socket.localAddress, socket.localPort)
  // A socket that is still calling knows itself already. Only who is connected knows the other one, too.
  const remote = endpoint(socket.remoteAddress, socket.remotePort)
  return side === 'client' ? { client: local, server: remote } : { client: remote, server: local }
}

function endpoint(address: string | undefined, port: number | undefined): Endpoint {
  if (address === undefined || port === undefined)
    throw Object.assign(new Error('this socket is not connected'), { code: 'ENOTCONN' })
  return { address, port }
}
