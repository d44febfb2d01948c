import type { ReadItem } from '../proxy/item.ts'
import { rowsOf } from '../rows.ts'
import type { ByteRange, Direction, Span } from '../span.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { createXray } from '../xray.ts'

/** Bytes of one direction of an exchange, and what they are. */
export interface NamedBytes {
  /** Where in the stream of the direction the rows begin. */
  readonly rows: readonly NamedRow[]
  /** What there is of this exchange in this direction; undefined if nothing is kept. */
  readonly range?: ByteRange
}

/** Bytes that play one part. */
export interface NamedRow {
  readonly start: number
  readonly layer: string
  readonly element: string
  /** The bytes, base64; of a long row its beginning. */
  readonly b64: string
  /** How many bytes the row has. */
  readonly size: number
}

/** Bytes of an exchange that are looked into again for their names. */
const LOOKED_INTO = 4 * 1024 * 1024

/** Rows of one answer, and bytes of one row that are shown. */
const ROWS = 200
const SHOWN = 64

/** Names the bytes of exchanges; it remembers the one that was asked for last. */
export function createNamer(): (exchange: Exchange, direction: Direction, from: number) => NamedBytes {
  let last: { exchange: Exchange; items: number; direction: Direction; read: Looked } | undefined

  function looked(exchange: Exchange, direction: Direction): Looked {
    const items = exchange.items.length
    if (last?.exchange === exchange && last.items === items && last.direction === direction) return last.read
    last = { exchange, items, direction, read: lookAt(exchange, direction) }
    return last.read
  }

  return (exchange, direction, from) => {
    const { bytes, start, rows } = looked(exchange, direction)
    if (bytes.length === 0) return { rows: [] }
    const at = Math.max(
      0,
      rows.findIndex(({ end }) => end > from),
    )
    const first = Math.max(0, at - ROWS / 4)
    return {
      range: [start, start + bytes.length],
      rows: rows.slice(first, first + ROWS).map(({ start: begin, end, layer, element }) => ({
        start: begin,
        layer,
        element,
        b64: Buffer.from(bytes.subarray(begin - start, Math.min(end, begin + SHOWN) - start)).toString('base64'),
        size: end - begin,
      })),
    }
  }
}

interface Looked {
  readonly bytes: Uint8Array
  /** Offset of the first byte in the stream of the direction. */
  readonly start: number
  readonly rows: readonly { start: number; end: number; layer: string; element: string }[]
}

/** The request says how the answer is to be read (one to HEAD has no body), so it is read first. */
function lookAt(exchange: Exchange, direction: Direction): Looked {
  const [up, down] = [keptBytes(exchange, 'up'), keptBytes(exchange, 'down')]
  const { bytes, start } = direction === 'up' ? up : down
  const spans: Span[] = []
  const xray = createXray(
    (span) => span.direction === direction && spans.push(span),
    () => {},
  )
  xray.push('up', up.bytes)
  if (direction === 'down') xray.push('down', bytes)
  const rows = rowsOf(spans).map((row) => ({ ...row, start: row.start + start, end: row.end + start }))
  return { bytes, start, rows }
}

/** From the first byte of its head on, as far as nothing is missing. Bytes of reads may have been let go of. */
function keptBytes({ items }: Exchange, direction: Direction): { readonly bytes: Uint8Array; readonly start: number } {
  const head = items.find(
    (item) => item.kind === 'finding' && item.finding.direction === direction && item.finding.bytes.length > 0,
  )
  const start = head?.kind === 'finding' ? (head.finding.bytes[0] as ByteRange)[0] : 0
  const parts: Uint8Array[] = []
  let at = start
  for (const item of items) {
    if (item.kind !== 'read' || item.direction !== direction) continue
    const part = partFrom(item, at)
    if (!part || at - start > LOOKED_INTO) break
    parts.push(part)
    at += part.length
  }
  return { bytes: Buffer.concat(parts), start }
}

function partFrom({ range, bytes }: ReadItem, at: number): Uint8Array | undefined {
  return bytes && range[0] <= at && at <= range[1] ? bytes.subarray(at - range[0]) : undefined
}
