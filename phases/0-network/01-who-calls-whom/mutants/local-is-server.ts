import type { DescribeConnection } from '../contract.ts'

export const describeConnection: DescribeConnection = (socket, _side) => {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (
    localAddress === undefined ||
    localPort === undefined ||
    remoteAddress === undefined ||
    remotePort === undefined
  ) {
    throw Object.assign(new Error('not connected'), { code: 'ENOTCONN' })
  }
  const local = { address: localAddress, port: localPort }
  const remote = { address: remoteAddress, port: remotePort }
  return { client: remote, server: local }
}
