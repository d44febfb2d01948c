// Parsers of event streams: ours, and those that other programs are made with.
import { createRequire } from 'node:module'
import { StringDecoder } from 'node:string_decoder'
import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import { createParser } from 'eventsource-parser'
import { createParser as createParser3 } from 'eventsource-parser-3'

/** Decodes all reads and hands on the data of each event. */
export type Parse = (reads: readonly Uint8Array[], take: (data: string) => void) => Promise<void> | void

export const ours: Parse = (reads, take) => {
  const decoder = createEventDecoder()
  const emit = (item: EventStreamItem) => item.kind === 'event' && take(item.event.data) // one, as the others have one
  for (const read of reads) decoder.push(read, emit)
}

const eventSourceParser4: Parse = (reads, take) => {
  const utf8 = new TextDecoder()
  const parser = createParser({ onEvent: ({ data }) => take(data) })
  for (const read of reads) parser.feed(utf8.decode(read, { stream: true }))
}

const eventSourceParser3: Parse = (reads, take) => {
  const utf8 = new TextDecoder()
  const parser = createParser3({ onEvent: ({ data }) => take(data) })
  for (const read of reads) parser.feed(utf8.decode(read, { stream: true }))
}

/** Not for browsers, and not what its README shows: of ASCII, Node 20 makes text several times as fast by this one. */
const eventSourceParser4InNode: Parse = (reads, take) => {
  const utf8 = new StringDecoder('utf8')
  const parser = createParser({ onEvent: ({ data }) => take(data) })
  for (const read of reads) parser.feed(utf8.write(read))
}

const eventSourceParser3InNode: Parse = (reads, take) => {
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

const undici: Parse = (reads, take) => {
  const parser = new EventSourceStream({ push: ({ options }) => take(options.data), eventSourceSettings: {} })
  const done = (error?: Error) => {
    if (error) throw error
  }
  for (const read of reads) parser._transform(Buffer.from(read.buffer, read.byteOffset, read.length), 'buffer', done)
}

export const RIVALS: Readonly<Record<string, Parse>> = {
  'sse-client': ours,
  'eventsource-parser 4': eventSourceParser4,
  'eventsource-parser 3': eventSourceParser3,
  'e.-parser 4, StringDecoder': eventSourceParser4InNode,
  'e.-parser 3, StringDecoder': eventSourceParser3InNode,
  undici,
}
