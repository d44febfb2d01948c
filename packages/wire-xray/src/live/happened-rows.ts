import { printable } from '../printable.ts'
import type { Item, ReadItem, WaitItem } from '../proxy/item.ts'
import type { Direction } from '../span.ts'
import type { Row } from './rows.ts'

/** What happened to a connection, besides what was found. */
export function happenedRows(item: Item): readonly Row[] {
  switch (item.kind) {
    case 'open':
      return [{ layer: 'tcp', what: `connected to ${printable(item.address ?? 'the target')}` }]
    case 'read':
      return [{ layer: 'tcp', direction: item.direction, what: read(item), range: item.range }]
    case 'fin':
      return [{ layer: 'tcp', direction: item.direction, what: 'FIN: nothing more comes this way' }]
    case 'reset':
      return [
        { layer: 'error', direction: item.direction, what: `RST: the ${ENDS[item.direction]} dropped the connection` },
      ]
    case 'error':
      return [{ layer: 'error', what: BROKEN[item.code] ?? `the connection broke: ${item.code}` }]
    case 'wait':
      return [{ layer: 'tcp', direction: item.direction, what: waited(item) }]
    case 'gap':
      return [{ layer: 'error', direction: item.direction, what: unread(item.size) }]
    case 'finding':
    case 'complete':
    case 'note':
      return []
  }
}

/** What is missing in a recording has no size. */
function unread(size: number): string {
  return size === 0 ? 'bytes are missing here' : `${size} B went by unread: too many at a time`
}

const BROKEN: Readonly<Record<string, string>> = {
  TCP_CLOSED: 'ended here: the xray was',
  TCP_TIMEOUT: 'nothing moved for too long: cut',
}

const ENDS: Readonly<Record<Direction, string>> = { up: 'client', down: 'server' }

function waited({ direction, milliseconds }: WaitItem): string {
  return `the ${direction === 'up' ? 'server' : 'client'} is slow: it took no more for ${milliseconds.toFixed(0)} ms`
}

/** Bytes that a block of the bar stands for. */
const BLOCK = 32
const LONGEST_BAR = 16

function read({ range: [start, end] }: ReadItem): string {
  const size = end - start
  return `read ${size} B  ${'█'.repeat(Math.min(LONGEST_BAR, Math.ceil(size / BLOCK)))}`
}
