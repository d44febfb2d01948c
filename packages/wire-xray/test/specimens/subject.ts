import { chunked, createChunkedDecoder } from '@sse-from-scratch/chunked'
import {
  type BodyLength,
  createRequestDecoder,
  createResponseDecoder,
  expectsContinue,
  type Fields,
  type MessageEvent,
  persists,
  type RequestHead,
  type ResponseHead,
  requestAuthority,
} from '@sse-from-scratch/http-raw'
import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import { createLineDecoder, type Decoder } from '@sse-from-scratch/tcp-echo'
import type { Specimen } from './specimen.ts'
import { quote, quoteText } from './wire.ts'

/** What a decoder emitted: data, or anything else in words. */
export type Emitted = { readonly data: Uint8Array } | { readonly words: readonly string[] }

/** A decoder for one message whose events are put in words. */
export interface Wording {
  readonly decoder: Decoder<unknown>
  inWords(event: unknown): Emitted
  /** Whether, behind this message, another one of its kind may come on the connection. */
  readonly goesOn: boolean
}

/** The decoders for a specimen: one for each message in it. */
export function wordingsFor({ subject, methods, limits }: Specimen): () => Wording {
  const waiting = [...methods]
  const options = { transferCodings: [chunked], limits }
  switch (subject) {
    case 'Lines':
      return () => ({ decoder: createLineDecoder(limits['maxLength']), inWords: lineInWords, goesOn: true })
    case 'Chunked body':
      return () => ({ decoder: createChunkedDecoder(limits), inWords: bodyInWords, goesOn: false })
    case 'Event stream':
      return () => streamWording(limits)
    case 'Request':
      return () => messageWording(createRequestDecoder(options), requestInWords)
    case 'Response':
      return () => {
        const method = waiting.shift() ?? 'GET'
        return messageWording(createResponseDecoder(method, options), (head, length) =>
          responseInWords(head, length, method),
        )
      }
  }
}

type HeadWords = readonly [line: string, goesOn: boolean]

function messageWording<Head extends RequestHead | ResponseHead>(
  decoder: Decoder<MessageEvent<Head>>,
  headInWords: (head: Head, length: BodyLength) => HeadWords,
): Wording {
  let goesOn = false
  return {
    decoder: decoder as Decoder<unknown>,
    inWords(event) {
      const message = event as MessageEvent<Head>
      if (message.kind === 'interim')
        return { words: [interimInWords(message.head), ...fieldsInWords(message.head.fields)] }
      if (message.kind !== 'head') return bodyInWords(message)
      const [line, more] = headInWords(message.head, message.length)
      goesOn = more
      return { words: [line, ...fieldsInWords(message.head.fields)] }
    },
    get goesOn() {
      return goesOn
    },
  }
}

function requestInWords(head: RequestHead, length: BodyLength): HeadWords {
  const goesOn = persists(head)
  const { method, target, version } = head
  const line = `head ${method} ${plain(target)} ${version} for=${plain(requestAuthority(head) ?? '-')} body=${bodyOf(length)}`
  return [`${line}${expectsContinue(head) ? ' expects=100' : ''} ${goesOn ? 'persists' : 'closes'}`, goesOn]
}

function responseInWords(head: ResponseHead, length: BodyLength, method: string): HeadWords {
  const tunnel = head.status === 101 || (method === 'CONNECT' && head.status < 300)
  const goesOn = !tunnel && persists(head) && length.kind !== 'until-close'
  const after = tunnel ? 'tunnel' : goesOn ? 'persists' : 'closes'
  return [`head ${head.status} ${head.version} body=${bodyOf(length)} ${after}`, goesOn]
}

function interimInWords(head: RequestHead | ResponseHead): string {
  return 'status' in head ? `interim ${head.status} ${head.version}` : 'interim'
}

/** What an event stream was for the next connection is said at its end: the id that it will ask with. */
interface LastEventId {
  readonly kind: 'last-event-id'
  readonly id: string
}

function streamWording(limits: Specimen['limits']): Wording {
  const decoder = createEventDecoder(limits)
  return {
    goesOn: false,
    inWords: streamItemInWords,
    decoder: {
      get state() {
        return decoder.state
      },
      push: decoder.push,
      end(emit: (item: EventStreamItem | LastEventId) => void) {
        decoder.end(emit)
        emit({ kind: 'last-event-id', id: decoder.lastEventId })
      },
    },
  }
}

function streamItemInWords(item: unknown): Emitted {
  const said = item as EventStreamItem | LastEventId
  return { words: [said.kind === 'last-event-id' ? `last-event-id ${quoteText(said.id)}` : itemInWords(said)] }
}

function itemInWords(item: EventStreamItem): string {
  if (item.kind === 'retry') return `retry ${item.milliseconds}`
  if (item.kind === 'comment') return `comment ${quoteText(item.text)}`
  const { type, data, lastEventId } = item.event
  const id = lastEventId === '' ? '' : ` id=${quoteText(lastEventId)}`
  return `event ${quoteText(type)} data=${quoteText(data)}${id}`
}

function bodyOf(length: BodyLength): string {
  if (length.kind === 'content-length') return String(length.length)
  return length.kind === 'transfer-coding' ? length.coding.name : length.kind
}

function bodyInWords(event: unknown): Emitted {
  const body = event as MessageEvent<never>
  if (body.kind === 'data') return { data: body.data }
  if (body.kind === 'trailers') return { words: ['trailers', ...fieldsInWords(body.fields)] }
  return { words: [body.kind] }
}

function lineInWords(line: unknown): Emitted {
  return { words: [`line ${quoteText(String(line))}`] }
}

function fieldsInWords(fields: Fields): string[] {
  return [...fields].map(([name, value]) => `  ${name} = ${quote(Buffer.from(value, 'latin1'))}`)
}

function plain(text: string): string {
  return quote(Buffer.from(text, 'latin1')).slice(1, -1)
}
