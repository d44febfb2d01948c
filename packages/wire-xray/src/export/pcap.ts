import type { RecordedDirection, RecordedRead, Recording } from '@sse-from-scratch/llm-stream/recording'
import { clientEnd, serverEnd } from './packet-end.ts'
import { createPcapFile, type PcapFile } from './pcap-file.ts'
import { ACK, FIN, MAX_PAYLOAD, type PacketEnd, PSH, RST, SYN, tcpPacket } from './tcp-packet.ts'

/**
 * The recording as a capture (pcapng) that Wireshark, tshark and tcpdump open: TCP made up around what was read and written,
 * with handshakes, sequence numbers, checksums, FIN and RST. A read is a segment (or several, above 65,495 bytes) at its
 * time; a gap is bytes that are missing there, too. Comments say what no packet can.
 *
 * It is not what was on the wire: no retransmissions, no windows, no TLS, and every server has port 80.
 */
export function toPcap({ head, entries }: Recording): Uint8Array {
  const file = createPcapFile('xray')
  const start = BigInt(Math.round((Date.parse(head.startedAt) || 0) * 1000))
  const connections = new Map<number, Conversation>()
  for (const entry of entries) {
    const at = start + BigInt(Math.round(entry.at * 1000))
    const known = connections.get(entry.connection)
    const conversation = known ?? converse(file, entry, at)
    connections.set(entry.connection, conversation)
    conversation.take(entry, at)
  }
  return file.bytes()
}

/** One connection, as it is made into packets. */
interface Conversation {
  take(entry: RecordedRead, at: bigint): void
}

const FIRST_SEQUENCE: Readonly<Record<RecordedDirection, number>> = { up: 1000, down: 5000 }

/** Begins with a handshake (RFC 9293 §3.5). */
function converse(file: PcapFile, first: RecordedRead, began: bigint): Conversation {
  const server = serverEnd(first.kind === 'open' ? first.address : undefined)
  const ends: Readonly<Record<RecordedDirection, PacketEnd>> = { up: clientEnd(server, first.connection), down: server }
  const next = { ...FIRST_SEQUENCE } // what each side sends next

  function send(direction: RecordedDirection, flags: number, at: bigint, more: Partial<Sent> = {}): void {
    const { payload = NOTHING, comment } = more
    const other = direction === 'up' ? 'down' : 'up'
    const numbers = { sequence: next[direction], acknowledgment: next[other] }
    file.packet(at, tcpPacket({ from: ends[direction], to: ends[other], ...numbers, flags }, payload), comment)
    next[direction] = wrapped(next[direction] + payload.length + (flags & (SYN | FIN) ? 1 : 0))
  }

  function sendBytes(direction: RecordedDirection, bytes: Uint8Array, at: bigint): void {
    for (let from = 0; from < bytes.length; from += MAX_PAYLOAD) {
      send(direction, PSH | ACK, at, { payload: bytes.subarray(from, from + MAX_PAYLOAD) })
    }
  }

  send('up', SYN, began, { comment: aboutOf(first) })
  send('down', SYN | ACK, began)
  send('up', ACK, began)

  return {
    take(entry, at) {
      switch (entry.kind) {
        case 'open':
          return
        case 'bytes':
          return sendBytes(entry.direction, entry.bytes, at)
        case 'fin':
          return send(entry.direction, FIN | ACK, at)
        case 'reset':
          return send(entry.direction, RST | ACK, at)
        case 'error':
          return send('up', ACK, at, { comment: `the connection broke: ${entry.code}` })
        case 'stall':
          return send('up', ACK, at, { comment: `silence for ${entry.milliseconds} ms, and then the recording ends` })
        case 'gap':
          next[entry.direction] = wrapped(next[entry.direction] + entry.size)
          return send(entry.direction, ACK, at, { comment: `${entry.size} bytes before this were not recorded` })
      }
    },
  }
}

interface Sent {
  readonly payload: Uint8Array
  readonly comment: string | undefined
}

const NOTHING = new Uint8Array(0)

function wrapped(sequence: number): number {
  return sequence % 2 ** 32
}

function aboutOf(entry: RecordedRead): string {
  if (entry.kind !== 'open') return `connection ${entry.connection}; its beginning was not recorded`
  const { connection, address, tls, alpn } = entry
  const to = address === undefined ? '' : ` to ${address}`
  const over = tls === undefined ? '' : `, inside of ${tls}${alpn === undefined ? '' : ` (${alpn})`}`
  return `connection ${connection}${to}${over}`
}
