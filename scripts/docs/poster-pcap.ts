/** A TCP segment of a capture: who sent it, what its header says, what it carried. */
export interface Segment {
  /** Seconds since the first one. */
  readonly at: number
  /** By its port. */
  readonly from: number
  readonly flags: readonly Flag[]
  /** Counted from the SYN of its sender, as Wireshark does it. */
  readonly seq: number
  readonly ack: number
  readonly payload: Uint8Array
}

export type Flag = 'FIN' | 'SYN' | 'RST' | 'PSH' | 'ACK'

const FLAGS: readonly Flag[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'] // from the lowest bit on (RFC 9293 §3.1)
const FILE_HEADER = 24
const RECORD_HEADER = 16
const ETHERNET_HEADER = 14

/** Reads what tcpdump wrote on loopback of Linux: Ethernet, IPv4, one TCP connection, written by a little-endian machine. */
export function readCapture(file: Uint8Array): Segment[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (view.getUint32(0, true) !== 0xa1b2c3d4) throw new Error('not a little-endian pcap file with microseconds')
  if (view.getUint32(20, true) !== 1) throw new Error('not a capture of Ethernet frames')
  const segments: Segment[] = []
  const first = new Map<number, number>()
  let began: number | undefined
  for (let at = FILE_HEADER; at < file.length; at += RECORD_HEADER + view.getUint32(at + 8, true)) {
    const time = view.getUint32(at, true) + view.getUint32(at + 4, true) / 1e6
    began ??= time
    segments.push(readPacket(view, at + RECORD_HEADER + ETHERNET_HEADER, time - began, first))
  }
  return segments
}

/** `first` is where the sequence numbers of each port begin (RFC 9293 §3.4.1). */
function readPacket(view: DataView, ip: number, at: number, first: Map<number, number>): Segment {
  const tcp = ip + (view.getUint8(ip) & 0x0f) * 4
  const data = tcp + (view.getUint8(tcp + 12) >> 4) * 4
  const end = ip + view.getUint16(ip + 2)
  const [from, to] = [view.getUint16(tcp), view.getUint16(tcp + 2)]
  const [seq, ack, bits] = [view.getUint32(tcp + 4), view.getUint32(tcp + 8), view.getUint8(tcp + 13)]
  if (!first.has(from)) first.set(from, seq)
  return {
    at,
    from,
    flags: FLAGS.filter((_, bit) => bits & (1 << bit)),
    seq: (seq - (first.get(from) ?? 0)) >>> 0,
    ack: (ack - (first.get(to) ?? ack)) >>> 0,
    payload: new Uint8Array(view.buffer, view.byteOffset + data, end - data),
  }
}
