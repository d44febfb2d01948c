import type { DescribeConnection } from './contract.ts'

export const describeConnection: DescribeConnection = (socket, side) => {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  // A socket that is still calling knows itself already. Only who is connected knows the other one, too.
  if (
    localAddress === undefined ||
    localPort === undefined ||
    remoteAddress === undefined ||
    remotePort === undefined
  ) {
    throw Object.assign(new Error('this socket is not connected'), { code: 'ENOTCONN' })
  }
  const local = { address: localAddress, port: localPort }
  const remote = { address: remoteAddress, port: remotePort }
  return side === 'client' ? { client: local, server: remote } : { client: remote, server: local }
}
