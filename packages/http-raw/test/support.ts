import type { BodyEvent, Handler, ServeConnectionOptions, TransferCoding } from '@sse-from-scratch/http-raw'
import { HttpError, latin1, serveConnection, toLatin1 } from '@sse-from-scratch/http-raw'
import type { Connection, Decoder, Listener } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'

export const bytes: (text: string) => Uint8Array = toLatin1

/** Everything until the peer's FIN. */
export async function readToEnd(connection: Connection): Promise<string> {
  let text = ''
  for await (const part of connection) text += latin1(part)
  return text
}

/** Everything up to and including the first match of `pattern`; what came behind it stays unread. */
export async function readUntil(connection: Connection, pattern: string): Promise<string> {
  let text = ''
  for (;;) {
    const part = await connection.read()
    if (part === null)
      throw new Error(`the connection ended before ${JSON.stringify(pattern)}: ${JSON.stringify(text)}`)
    text += latin1(part)
    const at = text.indexOf(pattern)
    if (at === -1) continue
    connection.unread(bytes(text.slice(at + pattern.length)))
    return text.slice(0, at + pattern.length)
  }
}

export function origin(listener: Listener): string {
  return `http://127.0.0.1:${listener.address.port}`
}

export interface Conversation {
  readonly client: Connection
  readonly server: Connection
  /** Resolves with what ended the connection, if it was an error. */
  readonly served: Promise<unknown>
}

/** A handler at one end of a connection in memory. HTTP/1.1 by way of {@link toyChunked}, unless told otherwise. */
export function converse(handler: Handler, options: ServeConnectionOptions = {}): Conversation {
  const [client, server] = memoryPair()
  const served = serveConnection(server, handler, { transferCodings: [toyChunked], ...options }).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { client, server, served }
}

/** Sends `input` and FIN, and returns all that comes back. */
export async function exchange(handler: Handler, input: string, options: ServeConnectionOptions = {}): Promise<string> {
  const { client, served } = converse(handler, options)
  await client.write(bytes(input))
  await client.end()
  const output = await readToEnd(client)
  await served
  return output
}

/** Responses without their Date, which nobody can know beforehand. */
export function undated(text: string): string {
  return text.replaceAll(/Date: [^\r]*\r\n/g, '')
}

/**
 * Just enough of RFC 9112 §7.1 to claim HTTP/1.1 here: whole lines, no extensions.
 * The coding itself belongs to the floor above, with its own tests.
 */
export const toyChunked: TransferCoding = {
  name: 'chunked',
  createDecoder: createToyDecoder,
  createEncoder: () => ({
    encode: (data) => [bytes(`${data.length.toString(16)}\r\n`), data, bytes('\r\n')],
    end: (trailers) => [bytes(`0\r\n${trailers ?? ''}\r\n`)],
  }),
}

function createToyDecoder(): Decoder<BodyEvent> {
  let text = ''
  let done = false
  return {
    get state() {
      return done ? 'done' : 'chunked-body'
    },
    push(input, emit) {
      const before = text.length
      text += latin1(input)
      for (let at = 0; ; ) {
        const match = /^([0-9a-f]+)\r\n/.exec(text.slice(at))
        if (!match) {
          if (/^[^0-9a-f]/.test(text.slice(at))) throw new HttpError('HTTP_BAD_FRAMING', 'not a chunk-size')
          text = text.slice(at)
          return input.length
        }
        const size = Number.parseInt(match[1] ?? '', 16)
        const end = at + match[0].length + size + 2
        if (text.length < end) {
          text = text.slice(at)
          return input.length
        }
        if (size === 0) {
          done = true
          emit({ kind: 'end' })
          return end - before
        }
        emit({ kind: 'data', data: bytes(text.slice(end - size - 2, end - 2)) })
        at = end
      }
    },
    end() {
      if (!done) throw new HttpError('HTTP_INCOMPLETE', 'the stream ended inside a chunked body')
    },
  }
}
