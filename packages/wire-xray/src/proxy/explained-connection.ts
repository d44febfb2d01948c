import type { RecordedBytes, RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import type { Finding } from '../finding.ts'
import type { Carriage } from '../reads.ts'
import { createRedactor, type Redactor } from '../redact.ts'
import type { Direction, Span } from '../span.ts'
import { type Complete, createXray } from '../xray.ts'
import type { Item } from './item.ts'
import { createItemOrder } from './item-order.ts'

/** One connection, explained. */
export interface ExplainedConnection {
  take(entry: RecordedRead): void
  /** Resolves when what was compressed has been looked into, too. */
  settled(): Promise<void>
  /** Whether nothing more can come of it. */
  readonly over: boolean
}

/** What has become of one direction so far. */
interface Lane {
  readonly redact: Redactor
  offset: number
  /** Whether it has ended. */
  ended: boolean
  /** Whether bytes are missing, so that those behind them mean nothing. */
  torn: boolean
}

const DIRECTIONS: readonly Direction[] = ['up', 'down']
const NOTHING = new Uint8Array()

/**
 * Turns what happened to one connection into items: each read, and then what it completed. What was compressed comes when
 * it has been decompressed, with the times of the reads that carried it.
 */
export function createExplainedConnection(
  connection: number,
  onItem: (item: Item) => void,
  withBytes: boolean,
): ExplainedConnection {
  const lanes: Readonly<Record<Direction, Lane>> = { up: createLane(), down: createLane() }
  const spans: Span[] = []
  const { say, look } = createItemOrder(onItem, withBytes)
  const xray = createXray(withBytes ? (span) => spans.push(span) : undefined, find, { onComplete: complete })

  function find(finding: Finding, { first, last }: Carriage): void {
    const reads = [first.index, last.index] as const
    say({ kind: 'finding', at: last.at, connection, began: first.at, reads, finding })
  }

  function complete({ at, direction, exchange }: Complete): void {
    say({ kind: 'complete', at, connection, direction, exchange })
  }

  function read({ at, direction, bytes }: RecordedBytes): void {
    const lane = lanes[direction]
    const range = [lane.offset, lane.offset + bytes.length] as const
    const isReadable = !lane.torn && !lane.ended
    lane.offset = range[1]
    const shown = () => (isReadable ? lane.redact(bytes, spans.splice(0)) : NOTHING)
    look(
      () => ({ kind: 'read', at, connection, direction, range, ...(withBytes && { bytes: shown() }) }),
      () => isReadable && xray.push(direction, bytes, at),
    )
  }

  function end(direction: Direction): void {
    const lane = lanes[direction]
    if (!lane.ended && !lane.torn) xray.end(direction)
    lane.ended = true
  }

  function happen(entry: Exclude<RecordedRead, RecordedBytes>): void {
    if (entry.kind === 'fin') end(entry.direction)
    if (entry.kind === 'reset' || entry.kind === 'error') DIRECTIONS.forEach(end)
    if (entry.kind !== 'gap') return
    lanes[entry.direction].torn = true
    lanes[entry.direction].offset += entry.size
  }

  return {
    take(entry) {
      if (entry.kind === 'bytes') read(entry)
      else if (entry.kind !== 'stall') {
        look(
          () => entry,
          () => happen(entry),
        )
      }
    },
    settled: () => xray.settled(),
    get over() {
      return lanes.up.ended && lanes.down.ended
    },
  }
}

function createLane(): Lane {
  return { redact: createRedactor(), offset: 0, ended: false, torn: false }
}
