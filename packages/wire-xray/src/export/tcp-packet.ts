/** One end of a connection, in the bytes of its packets: 4 of address for IPv4, 16 for IPv6. */
export interface PacketEnd {
  readonly address: Uint8Array
  readonly port: number
}

/** What a TCP segment says besides its payload (RFC 9293 §3.1). Numbers are modulo 2^32. */
export interface Segment {
  readonly from: PacketEnd
  readonly to: PacketEnd
  readonly sequence: number
  readonly acknowledgment: number
  readonly flags: number
}

export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10

const TCP = 6
const TCP_HEADER = 20
/** What fits behind the headers of the largest IPv4 packet. */
export const MAX_PAYLOAD: number = 0xffff - 40

/** An IP packet with a TCP segment in it, checksums included. */
export function tcpPacket(segment: Segment, payload: Uint8Array): Uint8Array {
  const tcp = tcpSegment(segment, payload)
  return segment.from.address.length === 4 ? ipv4(segment, tcp) : ipv6(segment, tcp)
}

function tcpSegment(segment: Segment, payload: Uint8Array): Uint8Array {
  const { from, to, sequence, acknowledgment, flags } = segment
  const bytes = new Uint8Array(TCP_HEADER + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, from.port)
  view.setUint16(2, to.port)
  view.setUint32(4, sequence)
  view.setUint32(8, flags & ACK ? acknowledgment : 0)
  view.setUint8(12, (TCP_HEADER / 4) << 4)
  view.setUint8(13, flags)
  view.setUint16(14, 0xffff) // the window: nobody here had to wait for it
  bytes.set(payload, TCP_HEADER)
  const pseudo = new Uint8Array(8) // RFC 9293 §3.1, with the length as IPv6 has it (RFC 8200 §8.1): the sum is the same
  new DataView(pseudo.buffer).setUint32(0, bytes.length)
  pseudo[7] = TCP
  view.setUint16(16, checksum(from.address, to.address, pseudo, bytes))
  return bytes
}

/** RFC 791 §3.1. */
function ipv4({ from, to }: Segment, tcp: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20 + tcp.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 0x45)
  view.setUint16(2, bytes.length)
  view.setUint16(6, 0x4000) // don't fragment
  view.setUint8(8, 64)
  view.setUint8(9, TCP)
  bytes.set(from.address, 12)
  bytes.set(to.address, 16)
  view.setUint16(10, checksum(bytes.subarray(0, 20)))
  bytes.set(tcp, 20)
  return bytes
}

/** RFC 8200 §3. */
function ipv6({ from, to }: Segment, tcp: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(40 + tcp.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 0x60)
  view.setUint16(4, tcp.length)
  view.setUint8(6, TCP)
  view.setUint8(7, 64)
  bytes.set(from.address, 8)
  bytes.set(to.address, 24)
  bytes.set(tcp, 40)
  return bytes
}

/** The ones' complement sum of all 16-bit words (RFC 1071). All parts but the last have an even length. */
function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] as number) << 8) | (part[at + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}
