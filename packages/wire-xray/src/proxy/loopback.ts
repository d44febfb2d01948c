import { BlockList, isIP } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4') // RFC 1122 §3.2.1.3
LOOPBACK.addAddress('::1', 'ipv6') // RFC 4291 §2.5.3

/** Whether an address, or `localhost`, is only reached from this machine. Of other names nobody knows. */
export function isLoopback(host: string): boolean {
  const version = isIP(host)
  if (version === 0) return host === 'localhost' // RFC 6761 §6.3
  return LOOPBACK.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
