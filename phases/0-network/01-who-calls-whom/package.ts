import { fromSocket } from '@sse-from-scratch/tcp-echo'
import type { DescribeConnection } from './contract.ts'

// In the package there is no Connection before there is a connection: `connect` rejects instead.
export const describeConnection: DescribeConnection = (socket, side) => {
  if (socket.remoteAddress === undefined) throw Object.assign(new Error('not connected'), { code: 'ENOTCONN' })
  const { local, remote } = fromSocket(socket)
  return side === 'client' ? { client: local, server: remote } : { client: remote, server: local }
}
