import type { Row } from '../rows.ts'
import type { ByteRange, Direction } from '../span.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { createBreath } from './breath.ts'
import { createNaming, LOOKED_INTO, type Naming } from './naming.ts'

/** Bytes of one direction of an exchange, and what they are. */
export interface NamedBytes {
  readonly rows: readonly NamedRow[]
  /** What has been named so far of this exchange in this direction; undefined if nothing is kept. */
  readonly range?: ByteRange
  /** So many bytes are named, and those behind them are not. */
  readonly endsAfter?: number
}

/** Bytes that play one part. */
export interface NamedRow {
  /** Where in the stream of the direction it begins. */
  readonly start: number
  readonly layer: string
  readonly element: string
  /** The bytes, base64; of a long row its beginning. */
  readonly b64: string
  /** How many bytes the row has. */
  readonly size: number
}

/** Rows of one answer, and bytes of one row that are shown. */
const ROWS = 100
const SHOWN = 64

/** Directions of exchanges whose names are remembered: two taps of one. */
const REMEMBERED = 2

/** What was named, and of which items: those of an exchange are others once its middle was let go of. */
interface Remembered {
  readonly items: Exchange['items']
  readonly direction: Direction
  readonly naming: Naming
}

/** Names the bytes of exchanges, as far as they are asked for and a few at a time; what comes later is named when it has come. */
export function createNamer(): (exchange: Exchange, direction: Direction, from: number) => Promise<NamedBytes> {
  let remembered: readonly Remembered[] = []

  function namingOf(exchange: Exchange, direction: Direction): Naming {
    const { items } = exchange
    const known = remembered.find((one) => one.items === items && one.direction === direction)
    const latest = known ?? { items, direction, naming: createNaming(exchange, direction) }
    remembered = [latest, ...remembered.filter((one) => one !== latest)].slice(0, REMEMBERED)
    return latest.naming
  }

  return async (exchange, direction, from) => {
    const naming = namingOf(exchange, direction)
    const breath = createBreath()
    while (naming.rows.length < placeOf(naming, from) + ROWS && naming.advance()) await breath()
    if (naming.size === 0) return { rows: [] }
    return answerFrom(naming, from)
  }
}

function answerFrom(naming: Naming, from: number): NamedBytes {
  const { rows, start, size } = naming
  const first = Math.max(0, Math.min(placeOf(naming, from) - ROWS / 4, rows.length - ROWS))
  return {
    range: [start, start + size],
    ...(size >= LOOKED_INTO && { endsAfter: size }),
    rows: rows.slice(first, first + ROWS).map((row) => namedRow(naming, row)),
  }
}

function namedRow({ start, bytesAt }: Naming, row: Row): NamedRow {
  const size = row.end - row.start
  const b64 = Buffer.from(bytesAt(row.start, Math.min(size, SHOWN))).toString('base64')
  return { start: start + row.start, layer: row.layer, element: row.element, b64, size }
}

/** The row that has a byte of the stream, or how many there are. */
function placeOf({ rows, start }: Naming, byte: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start + (rows[middle] as Row).end <= byte) low = middle + 1
    else high = middle
  }
  return low
}
