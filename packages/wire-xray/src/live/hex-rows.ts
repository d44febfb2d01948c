/** Rows of a dump: offset, bytes, and what of them is text. Of more than `limit` rows the rest is counted. */
export function hexRows(bytes: Uint8Array, start: number, columns: number, limit: number): readonly string[] {
  const perRow = Math.max(4, Math.min(16, Math.floor((columns - MARGIN.length - 10) / 4)))
  const rows: string[] = []
  for (let at = 0; at < bytes.length && rows.length < limit; at += perRow) {
    const part = Array.from(bytes.subarray(at, at + perRow))
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    rows.push(`${MARGIN}${offset(start + at)}  ${hex.padEnd(perRow * 3)}│${part.map(picture).join('')}`)
  }
  const left = bytes.length - rows.length * perRow
  return left > 0 ? [...rows, `${MARGIN}${' '.repeat(8)}… ${left} B more`] : rows
}

const MARGIN = '    '

function offset(at: number): string {
  return at.toString(16).padStart(6, '0')
}

/** As `explain` draws them. */
function picture(byte: number): string {
  if (byte === 0x20) return '·'
  if (byte === 0x7f) return '␡'
  if (byte > 0x7f) return '▒'
  return String.fromCharCode(byte < 0x20 ? 0x2400 + byte : byte)
}
