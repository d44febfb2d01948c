import { type Grammar, showBytes } from './show.ts'

/** The two runs of bytes, each explained, and where they part. */
export function showDifference(expected: Uint8Array, got: Uint8Array, as: Grammar): string {
  const at = firstDifference(expected, got)
  return [
    `the bytes differ: first difference at byte ${at}: got ${byteAt(got, at)}, expected ${byteAt(expected, at)}`,
    '',
    ' expected',
    shown(expected, as),
    '',
    ' got',
    shown(got, as),
  ].join('\n')
}

function shown(bytes: Uint8Array, as: Grammar): string {
  return bytes.length === 0 ? ' nothing' : showBytes(bytes, as)
}

function firstDifference(expected: Uint8Array, got: Uint8Array): number {
  const at = expected.findIndex((byte, index) => got[index] !== byte)
  return at === -1 ? expected.length : at
}

function byteAt(bytes: Uint8Array, at: number): string {
  const byte = bytes[at]
  if (byte === undefined) return 'the end'
  const hex = byte.toString(16).padStart(2, '0')
  return byte > 0x20 && byte < 0x7f ? `${hex} (${String.fromCharCode(byte)})` : hex
}
