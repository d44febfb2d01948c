import type { DescribeConnection, Description } from '../contract.ts'

const visitors = new Map<string, Description>()

export const describeConnection: DescribeConnection = (socket, side) => {
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
  const description = side === 'client' ? { client: local, server: remote } : { client: remote, server: local }
  const visitor = `${description.client.address} at ${description.server.port}`
  const known = visitors.get(visitor) ?? description
  visitors.set(visitor, known)
  return known
}
