import type { ResponseHead } from '@sse-from-scratch/http-raw'
import type { FindingItem, ReadItem } from '../proxy/item.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { eventsOf } from '../timeline/timings.ts'
import { contentOf } from './content-of.ts'
import { type Delivery, deliveriesOf } from './deliveries.ts'
import { type Hop, hopOf } from './hop-of.ts'
import { mediaTypeOf } from './media-type.ts'

/** An exchange as rules look at it: what several of them need, put together once. Times are milliseconds. */
export interface Look {
  readonly exchange: Exchange
  readonly response: ResponseHead | undefined
  /** When the head of the answer was whole, and its bytes. */
  readonly head: FindingItem | undefined
  /** What was found in the answer. */
  readonly found: readonly FindingItem[]
  /** Events, or lines of NDJSON. */
  readonly events: readonly FindingItem[]
  readonly chunks: readonly FindingItem[]
  /** Reads of the answer. */
  readonly reads: readonly ReadItem[]
  /** Reads with a pause between them, and what came in them. */
  readonly deliveries: readonly Delivery[]
  /** Without parameters, in lower case; empty if there is none. */
  readonly mediaType: string
  /** Whether the content type says that this comes little by little. */
  readonly isStream: boolean
  readonly isCompressed: boolean
  /** Whoever framed this answer last, as far as it shows. */
  readonly hop: Hop
  /** The first part of the content; `undefined` where its bytes are not there, or compressed. */
  readonly content: Uint8Array | undefined
  /** When it was over: with its last byte, or, where that does not say so, with the connection. */
  readonly endedAt: number | undefined
  /** When the client closed its direction, or the connection, before the answer was over. */
  readonly clientLeftAt: number | undefined
  /** Milliseconds from the request to `at`. */
  after(at: number): number
}

/** Looks at what there is of an exchange so far. */
export function lookAt(exchange: Exchange): Look {
  const { items, response, askedAt } = exchange
  const found = items.filter(
    (item): item is FindingItem => item.kind === 'finding' && item.finding.direction === 'down',
  )
  const reads = items.filter((item): item is ReadItem => item.kind === 'read' && item.direction === 'down')
  const chunks = found.filter(({ finding }) => finding.kind === 'chunk')
  const events = eventsOf(exchange)
  const head = found.find(({ finding }) => finding.kind === 'head')
  const mediaType = mediaTypeOf(response)
  return {
    exchange,
    response,
    head,
    found,
    events,
    chunks,
    reads,
    deliveries: deliveriesOf(reads, events, chunks),
    mediaType,
    isStream: STREAMS.has(mediaType),
    isCompressed: !['', 'identity'].includes(response?.fields.get('content-encoding')?.trim().toLowerCase() ?? ''),
    hop: hopOf(response, chunks, reads),
    content: contentOf(exchange, head, reads),
    endedAt: endedAt(exchange),
    clientLeftAt: clientLeftAt(exchange),
    after: (at) => at - askedAt,
  }
}

const STREAMS: ReadonlySet<string> = new Set([
  'text/event-stream',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
])

/** A client that only half-closes still gets its answer: then it has not left. */
function clientLeftAt(exchange: Exchange): number | undefined {
  const { items, end } = exchange
  if (end.kind === 'complete') return undefined
  const left = items.find((item) => (item.kind === 'fin' || item.kind === 'reset') && item.direction === 'up')
  return left && left.at <= (endedAt(exchange) ?? left.at) ? left.at : undefined
}

function endedAt({ items, end, response }: Exchange): number | undefined {
  const isFramed = response?.fields.has('transfer-encoding') || response?.fields.has('content-length')
  if (end.kind === 'unreadable' || (end.kind === 'complete' && isFramed)) return end.at
  const last = items.findLast(
    (item) => item.kind === 'reset' || item.kind === 'error' || (item.kind === 'fin' && item.direction === 'down'),
  )
  return last?.at ?? end.at
}
