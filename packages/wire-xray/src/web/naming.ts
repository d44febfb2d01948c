import { addRow, type Row } from '../rows.ts'
import type { Direction, Span } from '../span.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { createXray } from '../xray.ts'
import { createKeptBytes } from './kept-bytes.ts'

/** The bytes of one direction of an exchange and their names, as far as somebody has looked. */
export interface Naming {
  /** Names of the bytes that follow each other, from {@link start} on; offsets count from there. */
  readonly rows: readonly Row[]
  /** Where in the stream of the direction the first byte is. */
  readonly start: number
  /** How many bytes have a name. */
  readonly size: number
  /** Names the next read. False if there is none, yet or for ever, or {@link LOOKED_INTO} is reached. */
  advance(): boolean
  /** So many bytes from an offset on. */
  bytesAt(offset: number, size: number): Uint8Array
}

/** Bytes of an exchange, in one direction, that are looked into again for their names. */
export const LOOKED_INTO: number = 4 * 1024 * 1024

/** The request says how the answer is to be read (one to HEAD has no body), so what there is of it is read first. */
export function createNaming(exchange: Exchange, direction: Direction): Naming {
  const rows: Row[] = []
  const parts: Part[] = []
  const up = createKeptBytes(exchange, 'up')
  const own = direction === 'up' ? up : createKeptBytes(exchange, 'down')
  let size = 0
  let asked = 0
  let last: Span | undefined

  /** A span that reached the end of a read may go on in the next one. */
  function take(span: Span): void {
    if (span.direction !== direction) return
    const row = rows.at(-1)
    const goesOn = last?.end === span.start && last.layer === span.layer && last.element === span.element
    if (goesOn && row) rows[rows.length - 1] = { ...row, end: span.end }
    else addRow(rows, span)
    last = span
  }

  const xray = createXray(take, () => {})

  function ask(): boolean {
    const bytes = asked < LOOKED_INTO ? up.next() : undefined
    if (!bytes) return false
    asked += bytes.length
    xray.push('up', bytes)
    return true
  }

  return {
    rows,
    start: own.start,
    get size() {
      return size
    },
    advance() {
      if (direction === 'down' && ask()) return true
      const bytes = size < LOOKED_INTO ? own.next() : undefined
      if (!bytes) return false
      parts.push({ start: size, bytes })
      size += bytes.length
      xray.push(direction, bytes)
      return true
    },
    bytesAt: (offset, length) => joined(parts, offset, offset + length),
  }
}

interface Part {
  readonly start: number
  readonly bytes: Uint8Array
}

/** Stretches of reads, put together. */
function joined(parts: readonly Part[], from: number, to: number): Uint8Array {
  const found: Uint8Array[] = []
  for (let n = partWith(parts, from); n < parts.length; n++) {
    const { start, bytes } = parts[n] as Part
    if (start >= to) break
    found.push(bytes.subarray(Math.max(0, from - start), to - start))
  }
  return Buffer.concat(found)
}

/** The last part that begins at an offset or before it. */
function partWith(parts: readonly Part[], offset: number): number {
  let [low, high] = [0, parts.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((parts[middle] as Part).start <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
