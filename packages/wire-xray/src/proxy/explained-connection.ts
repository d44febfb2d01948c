import type { RecordedBytes, RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import type { Finding } from '../finding.ts'
import { createRedactor, type Redactor } from '../redact.ts'
import type { Direction, Span } from '../span.ts'
import { createXray } from '../xray.ts'
import { adviceFor } from './advice.ts'
import type { Item } from './item.ts'

/** One connection, explained. */
export interface ExplainedConnection {
  take(entry: RecordedRead): void
  /** Whether nothing more can come of it. */
  readonly over: boolean
}

/** What has become of one direction so far. */
interface Lane {
  readonly redact: Redactor
  offset: number
  /** Final heads that came by. */
  heads: number
  /** Whether it has ended. */
  ended: boolean
  /** Whether bytes are missing, so that those behind them mean nothing. */
  torn: boolean
}

/** Turns what happened to one connection into items: each read, and then what it completed. */
export function createExplainedConnection(onItem: (item: Item) => void, withBytes: boolean): ExplainedConnection {
  const lanes: Readonly<Record<Direction, Lane>> = { up: createLane(), down: createLane() }
  const spans: Span[] = []
  const found: Finding[] = []
  const xray = createXray(
    (span) => withBytes && spans.push(span),
    (finding) => found.push(finding),
  )

  function report({ at, connection }: RecordedRead): void {
    for (const finding of found.splice(0)) {
      const lane = lanes[finding.direction]
      if (finding.kind === 'head') lane.heads++
      const exchange = lane.heads + (finding.kind === 'interim' ? 1 : 0)
      onItem({ kind: 'finding', at, connection, exchange, finding })
      const text = adviceFor(finding)
      if (text !== undefined) onItem({ kind: 'note', at, connection, text })
    }
  }

  function read({ at, connection, direction, bytes }: RecordedBytes): void {
    const lane = lanes[direction]
    const range = [lane.offset, lane.offset + bytes.length] as const
    lane.offset = range[1]
    if (!lane.torn && !lane.ended) xray.push(direction, bytes)
    const shown = withBytes && { bytes: lane.torn ? new Uint8Array() : lane.redact(bytes, spans.splice(0)) }
    onItem({ kind: 'read', at, connection, direction, range, ...shown })
  }

  function end(direction: Direction): void {
    const lane = lanes[direction]
    if (!lane.ended && !lane.torn) xray.end(direction)
    lane.ended = true
  }

  function tear(direction: Direction, size: number): void {
    const lane = lanes[direction]
    lane.torn = true
    lane.offset += size
  }

  function happen(entry: RecordedRead): void {
    if (entry.kind === 'stall') return // says itself how long nothing came
    if (entry.kind === 'bytes') {
      read(entry)
      return
    }
    onItem(entry)
    if (entry.kind === 'gap') tear(entry.direction, entry.size)
    if (entry.kind === 'fin') end(entry.direction)
    if (entry.kind === 'reset' || entry.kind === 'error') for (const direction of DIRECTIONS) end(direction)
  }

  return {
    take(entry) {
      happen(entry)
      report(entry)
    },
    get over() {
      return lanes.up.ended && lanes.down.ended
    },
  }
}

const DIRECTIONS: readonly Direction[] = ['up', 'down']

function createLane(): Lane {
  return { redact: createRedactor(), offset: 0, heads: 0, ended: false, torn: false }
}
