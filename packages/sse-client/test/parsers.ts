import { createRequire } from 'node:module'
import type { EventStreamItem } from '@sse-from-scratch/sse-client'
import { createParser as createParser4 } from 'eventsource-parser'
import { createParser as createParser3 } from 'eventsource-parser-3'
import { comment, event, retry } from './decoder-cases/case.ts'
import type { Seen } from './decoder-cases/read.ts'

/** A parser that is not ours, on a whole stream. */
export type Judge = (stream: Uint8Array) => Seen

/** Behind a TextDecoder, which takes the BOM away, as its README says. It tells of an id only with an event. */
export const eventsourceParser3: Judge = (stream) => {
  const seen: EventStreamItem[] = []
  let lastEventId = ''
  const { feed } = createParser3({
    onEvent: ({ event: type = 'message', data, id = lastEventId }) => {
      lastEventId = id
      seen.push(event(type, data, id))
    },
    onRetry: (milliseconds) => seen.push(retry(milliseconds)),
    onComment: (text) => seen.push(comment(text)),
  })
  feed(new TextDecoder().decode(stream))
  return { seen, lastEventId }
}

/** It takes a BOM away by itself. */
export const eventsourceParser4: Judge = (stream) => {
  const seen: EventStreamItem[] = []
  let lastEventId = ''
  const { feed } = createParser4({
    onEvent: ({ event: type = 'message', data }) => seen.push(event(type, data, lastEventId)),
    onRetry: (milliseconds) => seen.push(retry(milliseconds)),
    onComment: (text) => seen.push(comment(text)),
    onId: (id) => {
      lastEventId = id
    },
  })
  feed(new TextDecoder('utf-8', { ignoreBOM: true }).decode(stream))
  return { seen, lastEventId }
}

interface UndiciEvent {
  readonly type: string
  readonly options: { readonly data: string; readonly lastEventId: string }
}
interface Settings {
  readonly lastEventId: string
  readonly reconnectionTime: number | undefined
  readonly origin: string
}
interface Transformer {
  _transform(bytes: Buffer, encoding: string, done: (error?: Error) => void): void
}
const { EventSourceStream } = createRequire(import.meta.url)('undici/lib/web/eventsource/eventsource-stream.js') as {
  EventSourceStream: new (options: {
    readonly eventSourceSettings: Settings
    readonly push: (event: UndiciEvent) => void
  }) => Transformer
}

/** It says nothing of comments, and of a retry only what it was in the end. */
export const undici: Judge = (stream) => {
  const seen: EventStreamItem[] = []
  const settings: Settings = { lastEventId: '', reconnectionTime: undefined, origin: '' }
  const parser = new EventSourceStream({
    eventSourceSettings: settings,
    push: ({ type, options }) => seen.push(event(type, options.data, options.lastEventId)),
  })
  parser._transform(Buffer.from(stream), 'buffer', (error) => {
    if (error) throw error
  })
  if (settings.reconnectionTime !== undefined) seen.push(retry(settings.reconnectionTime))
  return { seen, lastEventId: settings.lastEventId }
}

/** What {@link undici} can say of what was seen. */
export function asUndiciTells({ seen, lastEventId }: Seen): Seen {
  const events = seen.filter(({ kind }) => kind === 'event')
  return { seen: [...events, ...seen.filter(({ kind }) => kind === 'retry').slice(-1)], lastEventId }
}
