import { chunked } from '@sse-from-scratch/chunked'
import {
  createRequestDecoder,
  createResponseDecoder,
  type RequestHead,
  type ResponseHead,
} from '@sse-from-scratch/http-raw'
import type { RecordedRead, Recording } from '@sse-from-scratch/llm-stream/recording'
import type { Exchange, Message } from './exchange.ts'
import { type BytesEntry, createMessageReader } from './message-reader.ts'

const options = { transferCodings: [chunked] }

/** The exchanges of a recording, in the order in which they began. What is no HTTP/1 gives none. */
export function exchangesIn({ entries }: Recording): readonly Exchange[] {
  const numbers = [...new Set(entries.map(({ connection }) => connection))]
  return numbers
    .flatMap((number) => exchangesOf(entries.filter(({ connection }) => connection === number)))
    .toSorted((a, b) => a.request.beganAt - b.request.beganAt)
}

function exchangesOf(entries: readonly RecordedRead[]): readonly Exchange[] {
  const exchanges: Exchange[] = []
  let answered = 0
  const up = createMessageReader(createRequestDecoder, (at, connection) => {
    const exchange = {
      connection,
      request: newMessage<RequestHead>(at),
      response: undefined,
      reads: [],
      failure: undefined,
    }
    exchanges.push(exchange)
    return exchange.request
  })
  const down = createMessageReader(
    () => createResponseDecoder(exchanges[answered]?.request.head?.method ?? 'GET', options),
    (at) => {
      const exchange = exchanges[answered++]
      if (!exchange) return undefined // an answer to nothing
      exchange.response = newMessage(at)
      return exchange.response
    },
  )
  for (const entry of entries) {
    if (entry.kind === 'bytes') (entry.direction === 'up' ? up : down).push(entry)
    if (entry.kind === 'bytes') noteRead(exchanges, entry, answered)
    else if (entry.kind === 'gap') (entry.direction === 'up' ? up : down).breakOff()
    else if (isEnd(entry)) endAll(exchanges, entry)
  }
  return exchanges.filter(({ request }) => request.head !== undefined)
}

function isEnd({ kind }: RecordedRead): boolean {
  return kind === 'fin' || kind === 'reset' || kind === 'error'
}

function newMessage<Head>(at: number): Message<Head> {
  return { head: undefined, beganAt: at, endedAt: at, wireSize: 0, pieces: [], end: 'open' }
}

/** A read belongs to the exchange that is being asked for, or answered. */
function noteRead(exchanges: readonly Exchange[], { at, direction, bytes }: BytesEntry, answered: number): void {
  const exchange = direction === 'up' ? exchanges.at(-1) : exchanges[Math.max(answered - 1, 0)]
  exchange?.reads.push({ at, direction, size: bytes.length })
}

/** A connection ends, and with it what has no end of its own (RFC 9112 §6.3 rule 8), or was not there yet. */
function endAll(exchanges: readonly Exchange[], entry: RecordedRead): void {
  const isAnswer = entry.kind !== 'fin' || ('direction' in entry && entry.direction === 'down')
  if (!isAnswer) return
  for (const exchange of exchanges) {
    const { response } = exchange
    if (response?.end === 'complete') continue
    if (response?.end === 'open') response.end = entry.kind === 'fin' && isUntilClose(response) ? 'complete' : 'cut'
    if (response?.end !== 'complete') exchange.failure ??= entry.kind === 'error' ? entry.code : entry.kind
  }
}

function isUntilClose({ head }: Message<ResponseHead>): boolean {
  return head !== undefined && !head.fields.has('content-length') && !head.fields.has('transfer-encoding')
}
