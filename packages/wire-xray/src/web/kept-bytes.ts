import type { ReadItem } from '../proxy/item.ts'
import type { ByteRange, Direction } from '../span.ts'
import type { Exchange } from '../timeline/exchange.ts'

/** The bytes of one direction of an exchange, read by read, from the first byte of its head on, as far as nothing is missing. */
export interface KeptBytes {
  /** Where in the stream of the direction they begin. */
  readonly start: number
  /** The next ones; undefined as long as there are none. */
  next(): Uint8Array | undefined
}

/** Bytes of reads may have been let go of: behind them there is nothing. */
export function createKeptBytes({ items }: Exchange, direction: Direction): KeptBytes {
  const head = items.find(
    (item) => item.kind === 'finding' && item.finding.direction === direction && item.finding.bytes.length > 0,
  )
  const start = head?.kind === 'finding' ? (head.finding.bytes[0] as ByteRange)[0] : 0
  let at = start
  let place = 0
  return {
    start,
    next() {
      for (let item = items[place]; item; item = items[place]) {
        const part = item.kind === 'read' && item.direction === direction ? partFrom(item, at) : NOT_THIS
        if (!part) return undefined
        place++
        if (part === NOT_THIS) continue
        at += part.length
        return part
      }
      return undefined
    },
  }
}

const NOT_THIS = new Uint8Array(0)

function partFrom({ range, bytes }: ReadItem, at: number): Uint8Array | undefined {
  if (range[1] <= at) return NOT_THIS // of the exchange before
  return bytes && range[0] <= at ? bytes.subarray(at - range[0]) : undefined
}
