import type { EventStreamItem } from './event.ts'

/**
 * The buffers of HTML §9.2.6: what the lines since the last blank one add up to. A record and functions, not a closure:
 * methods made for each decoder are calls, and there would be some for each line (`npm run bench:parse`).
 */
export interface Block {
  /** Moves at every blank line, also when there is nothing to deliver. */
  lastEventId: string
  lastEventIdSize: number
  id: string
  idSize: number
  type: string
  typeSize: number
  /** The first data line, which is nearly always the only one. */
  data: string | undefined
  /** The other data lines; {@link JOIN_AT} of them are joined, so that empty ones cost their bytes and not a string. */
  more: string[]
  joined: string[]
  /** Bytes of all data lines, and one for each line feed between them. */
  dataSize: number
}

type Emit = (item: EventStreamItem) => void

const JOIN_AT = 256

export function createBlock(initialId: string): Block {
  const idSize = new TextEncoder().encode(initialId).length
  return {
    lastEventId: initialId,
    lastEventIdSize: idSize,
    id: initialId,
    idSize,
    type: '',
    typeSize: 0,
    data: undefined,
    more: [],
    joined: [],
    dataSize: 0,
  }
}

/** Bytes held. */
export function sizeOf(block: Block): number {
  return block.dataSize + block.typeSize + block.idSize
}

export function setType(block: Block, type: string, size: number): void {
  block.type = type
  block.typeSize = size
}

export function setId(block: Block, id: string, size: number): void {
  block.id = id
  block.idSize = size
}

export function addData(block: Block, value: string, size: number): void {
  if (block.data === undefined) {
    block.data = value
    block.dataSize = size
    return
  }
  block.dataSize += 1 + size
  if (block.more.push(value) < JOIN_AT) return
  block.joined.push(block.more.join('\n'))
  block.more = []
}

export function dispatch(block: Block, emit: Emit): void {
  const data = takeData(block)
  if (data !== undefined) {
    deliver(block, data, emit)
    return
  }
  moveId(block)
  setType(block, '', 0)
}

/** Dispatches an event whose data is all here, and in no buffer. */
export function deliver(block: Block, data: string, emit: Emit): void {
  moveId(block)
  const type = block.typeSize === 0 ? 'message' : block.type
  if (block.typeSize !== 0) setType(block, '', 0)
  emit({ kind: 'event', event: { type, data, lastEventId: block.lastEventId } })
}

function moveId(block: Block): void {
  block.lastEventId = block.id
  block.lastEventIdSize = block.idSize
}

function takeData(block: Block): string | undefined {
  const { data, more, joined } = block
  block.data = undefined
  block.dataSize = 0
  if (more.length === 0 && joined.length === 0) return data
  block.more = []
  block.joined = []
  return [data, ...joined, ...more].join('\n')
}

/** Forgets the lines since the last blank one. */
export function discard(block: Block): void {
  takeData(block)
  setType(block, '', 0)
  setId(block, block.lastEventId, block.lastEventIdSize)
}
