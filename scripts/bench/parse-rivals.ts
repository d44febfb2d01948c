import { createRequire } from 'node:module'
import { StringDecoder } from 'node:string_decoder'
import { Stream as AnthropicStream, _iterSSEMessages as anthropicMessages } from '@anthropic-ai/sdk/core/streaming'
import {
  createEventDecoder,
  type EventStreamItem,
  readEvents,
  type ServerSentEvent,
} from '@sse-from-scratch/sse-client'
import { createParser } from 'eventsource-parser'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { createParser as createParser3 } from 'eventsource-parser-3'
import { Stream as OpenAiStream, _iterSSEMessages as openAiMessages } from 'openai/core/streaming'

/** Decodes all reads and hands on the data of each event. */
export type Parse = (reads: readonly Uint8Array[], take: (data: string) => void) => Promise<void> | void

export const ours: Parse = (reads, take) => {
  const decoder = createEventDecoder()
  const emit = (item: EventStreamItem) => item.kind === 'event' && take(item.event.data) // one, as the others have one
  for (const read of reads) decoder.push(read, emit)
}

export const eventSourceParser4: Parse = (reads, take) => {
  const utf8 = new TextDecoder()
  const parser = createParser({ onEvent: ({ data }) => take(data) })
  for (const read of reads) parser.feed(utf8.decode(read, { stream: true }))
}

export const eventSourceParser3: Parse = (reads, take) => {
  const utf8 = new TextDecoder()
  const parser = createParser3({ onEvent: ({ data }) => take(data) })
  for (const read of reads) parser.feed(utf8.decode(read, { stream: true }))
}

/** Not for browsers, and not what its README shows: of ASCII, Node 20 makes text several times as fast by this one. */
export const eventSourceParser4InNode: Parse = (reads, take) => {
  const utf8 = new StringDecoder('utf8')
  const parser = createParser({ onEvent: ({ data }) => take(data) })
  for (const read of reads) parser.feed(utf8.write(read))
}

export const eventSourceParser3InNode: Parse = (reads, take) => {
  const utf8 = new StringDecoder('utf8')
  const parser = createParser3({ onEvent: ({ data }) => take(data) })
  for (const read of reads) parser.feed(utf8.write(read))
}

interface UndiciParser {
  _transform(bytes: Buffer, encoding: string, done: (error?: Error) => void): void
}

/** It is a stream.Transform, called past the stream: what it costs as one is not its parser's fault. Not public. */
const { EventSourceStream } = createRequire(import.meta.url)('undici/lib/web/eventsource/eventsource-stream.js') as {
  EventSourceStream: new (options: {
    push: (event: { options: { data: string } }) => void
    eventSourceSettings: object
  }) => UndiciParser
}

export const undici: Parse = (reads, take) => {
  const parser = new EventSourceStream({ push: ({ options }) => take(options.data), eventSourceSettings: {} })
  const done = (error?: Error) => {
    if (error) throw error
  }
  for (const read of reads) parser._transform(Buffer.from(read.buffer, read.byteOffset, read.length), 'buffer', done)
}

export const openAi: Parse = async (reads, take) => {
  for await (const { data } of openAiMessages(responseOf(reads), new AbortController())) take(data)
}

export const anthropic: Parse = async (reads, take) => {
  for await (const { data } of anthropicMessages(responseOf(reads), new AbortController())) take(data)
}

/** Bytes to parsed objects, one `await` of the reader for each. */
export const oursJson: Parse = async (reads, take) => {
  for await (const { data } of readEvents(webStreamOf(reads))) take(JSON.parse(data).object)
}

/** The same events out of an async generator, which awaits what it yields. */
export const generatedJson: Parse = async (reads, take) => {
  for await (const { data } of generated(webStreamOf(reads))) take(JSON.parse(data).object)
}

async function* generated(source: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const decoder = createEventDecoder()
  for await (const read of source as unknown as AsyncIterable<Uint8Array>) {
    const events: ServerSentEvent[] = []
    decoder.push(read, (item) => item.kind === 'event' && events.push(item.event))
    yield* events
  }
}

/** What is left when there is nothing to decode and nobody to wait for. */
export function jsonAlone(reads: readonly Uint8Array[]): Parse {
  const all: string[] = []
  ours(reads, (data) => all.push(data))
  return (_reads, take) => {
    for (const data of all) take(JSON.parse(data).object)
  }
}

/** What is left of short events when every place in them is known: text, two slices, and the objects that are handed on. */
export function ticksAlone(reads: readonly Uint8Array[]): Parse {
  const latin1 = ({ buffer, byteOffset, length }: Uint8Array) =>
    Buffer.from(buffer, byteOffset, length).toString('latin1')
  const places = reads.map((read) =>
    [...latin1(read).matchAll(/id: (\d+)\ndata: ([\d.]+)\n\n/dg)].map(({ indices }) => indices?.slice(1).flat() ?? []),
  )
  const all = places.map((events) => Int32Array.from(events.flat()))
  return (reads, take) => {
    const emit = (item: EventStreamItem) => item.kind === 'event' && take(item.event.data)
    for (const [nth, read] of reads.entries()) {
      const text = latin1(read)
      const at = all[nth] as Int32Array
      for (let n = 0; n < at.length; n += 4) {
        const lastEventId = text.slice(at[n], at[n + 1])
        const data = text.slice(at[n + 2], at[n + 3])
        emit({ kind: 'event', event: { type: 'message', data, lastEventId } })
      }
    }
  }
}

/** What is left of long lines when nobody looks for their ends: one copy out of the reads, one into a string. */
export function copiesAlone(size: number): Parse {
  const line = new Uint8Array(size)
  return (reads, take) => {
    let held = 0
    for (const read of reads) {
      if (held + read.length > size) {
        take(Buffer.from(line.buffer, 0, held).toString('latin1'))
        held = 0
      }
      line.set(read, held)
      held += read.length
    }
  }
}

export const openAiJson: Parse = async (reads, take) => {
  const stream = OpenAiStream.fromSSEResponse<{ object: string }>(responseOf(reads), new AbortController())
  for await (const { object } of stream) take(object)
}

/** Its decoder drops events without a type, so it gets them with one. */
export const anthropicJson: Parse = async (reads, take) => {
  const stream = AnthropicStream.fromSSEResponse<{ object: string }>(responseOf(reads), new AbortController())
  for await (const { object } of stream) take(object)
}

export const webStreamsJson: Parse = async (reads, take) => {
  const events = webStreamOf(reads)
    .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream() as unknown as ReadableWritablePair<{ data: string }, string>)
  for await (const { data } of events as unknown as AsyncIterable<{ data: string }>) take(JSON.parse(data).object)
}

interface ReadableWritablePair<Out, In> {
  readable: ReadableStream<Out>
  writable: WritableStream<In>
}

function webStreamOf(reads: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0
  return new ReadableStream<Uint8Array>({
    pull(stream) {
      const read = reads[next++]
      if (read) stream.enqueue(read)
      else stream.close()
    },
  })
}

function responseOf(reads: readonly Uint8Array[]): Response {
  return new Response(webStreamOf(reads) as ConstructorParameters<typeof Response>[0])
}
