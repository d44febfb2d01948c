import { chunked, request } from '../../packages/chunked/src/index.ts'
import { type Handler, type RequestOptions, serveConnection } from '../../packages/http-raw/src/index.ts'
import { EVENT_STREAM_HEADERS, encodeEvent } from '../../packages/sse-server/src/index.ts'
import { memoryPair } from '../../packages/tcp-echo/src/testing.ts'
import { tap } from '../../packages/wire-xray/src/index.ts'

/** What our own client and server said to each other. */
export interface Capture {
  /** The request, from its first byte on. */
  readonly up: Uint8Array
  /** The response. */
  readonly down: Uint8Array
  /** The content of the response: what is in it without framing. */
  readonly body: Uint8Array
}

const utf8 = new TextEncoder()
const DATE = 'Sun, 06 Nov 1994 08:49:37 GMT' // the example of RFC 9110 §5.6.7: a poster does not change with the clock

/** A message with all that it can have: target, fields, a blank line, content. */
export function captureWhole(): Promise<Capture> {
  return converse(
    async (asked, respond) => {
      const text = await asked.body.text()
      await respond(200, { Date: DATE, 'Content-Type': 'text/plain' }, `${text.toUpperCase()}\n`)
    },
    { method: 'POST', fields: { 'Content-Type': 'text/plain' }, body: 'hello' },
  )
}

/** Sizes that show what they are: in hexadecimal, and of bytes, not of characters. */
export function captureChunked(): Promise<Capture> {
  return converse(async (_asked, respond) => {
    const body = await respond(200, { Date: DATE, 'Content-Type': 'text/plain', Trailer: 'Chunks' })
    await body.write(utf8.encode('hello'))
    await body.write(utf8.encode(' wörld'))
    await body.write(utf8.encode(', where 26 is written 1a.\n'))
    await body.end({ Chunks: '3' })
  })
}

/** Every kind of line that an event stream can have. */
export function captureEvents(): Promise<Capture> {
  return converse(async (_asked, respond) => {
    const body = await respond(200, { ...EVENT_STREAM_HEADERS, Date: DATE })
    await body.write(encodeEvent({ retry: 2000 }).bytes)
    await body.write(encodeEvent({ data: 'hello' }).bytes)
    await body.write(utf8.encode(': still here\n\n'))
    await body.write(encodeEvent({ event: 'news', id: '7', data: 'two\nlines' }).bytes)
    await body.end()
  })
}

/** A word on OpenAI's wire, and how the answer ends: no names, one shape, and an end mark that is no JSON. */
export function captureOpenAI(): Promise<Capture> {
  return captureAnswer([
    { data: '{"choices":[{"index":0,"delta":{"content":"Hi"}}]}' },
    { data: '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}' },
    { data: '{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1}}' },
    { data: '[DONE]' },
  ])
}

/** The same word on Anthropic's wire: named events that open, fill and close a block. */
export function captureAnthropic(): Promise<Capture> {
  return captureAnswer(
    [
      '{"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}',
      '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
      '{"type":"ping"}',
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}',
      '{"type":"content_block_stop","index":0}',
      '{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}',
      '{"type":"message_stop"}',
    ].map((data) => ({ event: JSON.parse(data).type, data })),
  )
}

function captureAnswer(events: readonly { readonly event?: string; readonly data: string }[]): Promise<Capture> {
  return converse(async (_asked, respond) => {
    const body = await respond(200, { ...EVENT_STREAM_HEADERS, Date: DATE })
    for (const event of events) await body.write(encodeEvent(event).bytes)
    await body.end()
  })
}

/** One exchange in memory, where no port and no clock changes the bytes, overheard at the client. */
async function converse(handler: Handler, options: RequestOptions = {}): Promise<Capture> {
  const heard: { up: Uint8Array[]; down: Uint8Array[] } = { up: [], down: [] }
  const [client, server] = memoryPair()
  const served = serveConnection(server, handler, { transferCodings: [chunked] })
  const response = await request('http://shop.example/echo', {
    ...options,
    dial: async () =>
      tap(client, ({ direction, bytes }) => heard[direction === 'write' ? 'up' : 'down'].push(new Uint8Array(bytes))),
  })
  const body = await response.body.bytes()
  await response[Symbol.asyncDispose]()
  await served
  return { up: Buffer.concat(heard.up), down: Buffer.concat(heard.down), body }
}
