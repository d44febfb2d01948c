import type { PacketEnd } from './tcp-packet.ts'

/** Dissectors know by the port what is HTTP, and TLS has been taken off: 443 would be taken for it. */
const HTTP_PORT = 80
const FIRST_CLIENT_PORT = 49_152 // RFC 6335 §6: the ports nobody owns
const CLIENT_PORTS = 65_536 - FIRST_CLIENT_PORT

/** The server of a connection, by its address and port; 10.0.0.2 if that is a name or not known. */
export function serverEnd(address: string | undefined): PacketEnd {
  const host = address?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') ?? ''
  return { address: ipv4Of(host) ?? ipv6Of(host) ?? Uint8Array.of(10, 0, 0, 2), port: HTTP_PORT }
}

/** A client of that server: one of the same family, with a port for each connection. */
export function clientEnd(server: PacketEnd, connection: number): PacketEnd {
  const port = FIRST_CLIENT_PORT + ((connection - 1) % CLIENT_PORTS)
  const isIpv4 = server.address.length === 4
  return { address: isIpv4 ? Uint8Array.of(10, 0, 0, 1) : (ipv6Of('fd00::1') as Uint8Array), port }
}

function ipv4Of(host: string): Uint8Array | undefined {
  const octets = host.split('.').map(Number)
  return octets.length === 4 && octets.every((octet) => Number.isInteger(octet) && octet >= 0 && octet < 256)
    ? Uint8Array.from(octets)
    : undefined
}

/** An address as RFC 5952 writes it. */
function ipv6Of(host: string): Uint8Array | undefined {
  if (!/^[\da-f:]+$/i.test(host) || !host.includes(':')) return undefined
  const [left = '', right] = host.split('::')
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)))
  const [head, tail] = [words(left), words(right ?? '')]
  const gap = right === undefined ? 0 : 8 - head.length - tail.length
  if (gap < 0) return undefined
  const all = [...head, ...new Array<number>(gap).fill(0), ...tail]
  if (all.length !== 8 || all.some((word) => !(word <= 0xffff))) return undefined
  return Uint8Array.from(all.flatMap((word) => [word >>> 8, word & 0xff]))
}
