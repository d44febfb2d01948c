import type { DescribeConnection } from '../contract.ts'

export const describeConnection: DescribeConnection = (socket, side) => {
  const local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
  const remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
  return side === 'client' ? { client: local, server: remote } : { client: remote, server: local }
}
