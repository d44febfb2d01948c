import type { DescribeConnection } from '../contract.ts'

export const describeConnection: DescribeConnection = (socket, side) => {
  const { localAddress, localPort } = socket
  if (localAddress === undefined || localPort === undefined) {
    throw Object.assign(new Error('not connected'), { code: 'ENOTCONN' })
  }
  const local = { address: localAddress, port: localPort }
  const remote = { address: `${socket.remoteAddress}`, port: Number(socket.remotePort) }
  return side === 'client' ? { client: local, server: remote } : { client: remote, server: local }
}
