import { HttpError, type MessageEvent, type RequestHead, type ResponseHead } from '@sse-from-scratch/http-raw'
import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import type { Message } from './exchange.ts'

type AnyHead = RequestHead | ResponseHead

/** A read of a recording. */
export type BytesEntry = RecordedRead & { readonly kind: 'bytes' }

/** Reads the messages of one direction, as far as they can be read. */
export interface MessageReader {
  push(entry: BytesEntry): void
  /** Bytes are missing: what comes behind them means nothing. */
  breakOff(): void
}

/** Messages of one direction, one after the other. */
export function createMessageReader<Head extends AnyHead>(
  nextDecoder: () => Decoder<MessageEvent<Head>>,
  nextMessage: (at: number, connection: number) => Message<Head> | undefined,
): MessageReader {
  let decoder: Decoder<MessageEvent<Head>> | undefined
  let message: Message<Head> | undefined
  let isReadable = true

  function take(event: MessageEvent<Head>, at: number): void {
    if (!message) return
    if (event.kind === 'head') message.head = event.head
    if (event.kind === 'data') message.pieces.push({ at, bytes: event.data })
    if (event.kind === 'end') message.end = 'complete'
  }

  function breakOff(): void {
    isReadable = false
    if (message?.end === 'open') message.end = 'broken'
  }

  return {
    push({ at, connection, bytes }: BytesEntry) {
      for (let from = 0; from < bytes.length && isReadable; ) {
        if (decoder === undefined || decoder.state === 'done') {
          decoder = nextDecoder()
          message = nextMessage(at, connection)
        }
        try {
          const taken = decoder.push(bytes.subarray(from), (event) => take(event, at))
          if (message) message.wireSize += taken
          if (message) message.endedAt = at
          from += taken
        } catch (error) {
          if (!(error instanceof HttpError)) throw error
          breakOff()
        }
      }
    },
    breakOff,
  }
}
