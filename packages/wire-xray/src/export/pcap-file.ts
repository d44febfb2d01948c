import { joined } from '../joined.ts'

/** Builds a capture file in the pcapng format (draft-ietf-opsawg-pcapng), little-endian, times in microseconds. */
export interface PcapFile {
  /** One packet, with an IP header in front. `at` is microseconds since 1970. */
  packet(at: bigint, bytes: Uint8Array, comment?: string): void
  bytes(): Uint8Array
}

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const ENHANCED_PACKET = 6
/** LINKTYPE_RAW: packets begin with their IP header, whatever version it has. */
const RAW_IP = 101
const OPT_COMMENT = 1
const OPT_USER_APPLICATION = 4

export function createPcapFile(application: string): PcapFile {
  const blocks: Uint8Array[] = [
    block(
      SECTION_HEADER,
      u32(0x1a2b3c4d),
      u16(1),
      u16(0),
      u64(0xffff_ffff_ffff_ffffn),
      options([OPT_USER_APPLICATION, application]),
    ),
    block(INTERFACE_DESCRIPTION, u16(RAW_IP), u16(0), u32(0)),
  ]
  return {
    packet(at, bytes, comment) {
      const time = [u32(Number(at >> 32n)), u32(Number(at & 0xffff_ffffn))]
      const size = u32(bytes.length)
      const texts = comment === undefined ? [] : [[OPT_COMMENT, comment] as const]
      blocks.push(block(ENHANCED_PACKET, u32(0), ...time, size, size, padded(bytes), options(...texts)))
    },
    bytes: () => joined(blocks),
  }
}

/** Type, length, body, and the length again: so a reader can go backwards. */
function block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(parts)
  const length = u32(body.length + 12)
  return joined([u32(type), length, body, length])
}

function options(...texts: readonly (readonly [code: number, text: string])[]): Uint8Array {
  if (texts.length === 0) return new Uint8Array(0)
  const encoded = texts.map(([code, text]) => {
    const bytes = new TextEncoder().encode(text).subarray(0, 0xffff)
    return joined([u16(code), u16(bytes.length), padded(bytes)])
  })
  return joined([...encoded, u32(0)])
}

/** Everything begins at a multiple of four. */
function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 4 === 0 ? bytes : joined([bytes, new Uint8Array(4 - (bytes.length % 4))])
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8)
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24)
}

function u64(value: bigint): Uint8Array {
  return joined([u32(Number(value & 0xffff_ffffn)), u32(Number(value >> 32n))])
}
