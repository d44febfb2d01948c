// Those who come in a package of more: the decoders inside two SDKs, and whatever ends in parsed objects.
import { Stream as AnthropicStream, _iterSSEMessages as anthropicMessages } from '@anthropic-ai/sdk/core/streaming'
import { createEventDecoder, readEvents, type ServerSentEvent } from '@sse-from-scratch/sse-client'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { Stream as OpenAiStream, _iterSSEMessages as openAiMessages } from 'openai/core/streaming'
import type { Parse } from './parse-rivals.ts'

const openAi: Parse = async (reads, take) => {
  for await (const { data } of openAiMessages(responseOf(reads), new AbortController())) take(data)
}

const anthropic: Parse = async (reads, take) => {
  for await (const { data } of anthropicMessages(responseOf(reads), new AbortController())) take(data)
}

/** Bytes to parsed objects, one `await` of the reader for each. */
const oursJson: Parse = async (reads, take) => {
  for await (const { data } of readEvents(webStreamOf(reads))) take(JSON.parse(data).object)
}

/** The same events out of an async generator, which awaits what it yields. */
const generatedJson: Parse = async (reads, take) => {
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

const openAiJson: Parse = async (reads, take) => {
  const stream = OpenAiStream.fromSSEResponse<{ object: string }>(responseOf(reads), new AbortController())
  for await (const { object } of stream) take(object)
}

/** Its decoder drops events without a type, so it gets them with one. */
const anthropicJson: Parse = async (reads, take) => {
  const stream = AnthropicStream.fromSSEResponse<{ object: string }>(responseOf(reads), new AbortController())
  for await (const { object } of stream) take(object)
}

const webStreamsJson: Parse = async (reads, take) => {
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

export const SDKS: Readonly<Record<string, Parse>> = {
  openai: openAi,
  '@anthropic-ai/sdk': anthropic,
  readEvents: oursJson,
  'the same, by a generator': generatedJson,
  'objects of openai': openAiJson,
  'objects of @anthropic-ai/sdk': anthropicJson,
  'web streams, e.-parser 4': webStreamsJson,
}
