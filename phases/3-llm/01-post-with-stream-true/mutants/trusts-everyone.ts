import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { chunked } from '@sse-from-scratch/chunked'
import type { ResponseHead } from '@sse-from-scratch/http-raw'
import { createResponseDecoder, encodeRequestHead, Fields, type MessageEvent } from '@sse-from-scratch/http-raw'
import type { PostStream } from '../contract.ts'

export const postStream: PostStream = async (url, { headers, json, signal, ca }) => {
  signal?.throwIfAborted()
  const body = new TextEncoder().encode(JSON.stringify(json))
  const own = { Host: url.host, Accept: 'text/event-stream', 'Content-Type': 'application/json' }
  const framing = { Connection: 'close', 'Content-Length': `${body.length}` } // counted when it is bytes already
  const fields = new Fields({ ...own, ...headers, ...framing }) // a TypeError for a line end in a value
  const head = encodeRequestHead({ method: 'POST', target: url.pathname + url.search, version: '1.1', fields })

  const isTls = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') // an IPv6 address has brackets in a URL
  const address = { host, port: Number(url.port) || (isTls ? 443 : 80) }
  const socket = isTls
    ? connectTls({ ...address, ca, servername: isIP(host) ? '' : host, rejectUnauthorized: false })
    : connect(address)
  const stop = () => socket.destroy(signal?.reason) // what waits for the socket is told why
  signal?.addEventListener('abort', stop, { once: true })
  socket.once('close', () => signal?.removeEventListener('abort', stop))
  await once(socket, isTls ? 'secureConnect' : 'connect') // the key is for a server that has proved who it is
  socket.write(Buffer.concat([head, body]))

  const events = read(socket)
  for (;;) {
    const { value: event, done } = await events.next()
    if (done) throw truncated() // the server has hung up without a word
    if (event.kind !== 'head') continue // an interim response
    const names = [...event.head.fields].map(([name, value]) => [name.toLowerCase(), value])
    return { status: event.head.status, headers: Object.fromEntries(names), body: dataOf(events) }
  }
}

/** What the socket brings, as parts of one response. Whoever leaves it, and however, the socket is destroyed. */
async function* read(socket: Socket): AsyncGenerator<MessageEvent<ResponseHead>, undefined> {
  const decoder = createResponseDecoder('POST', { transferCodings: [chunked] })
  const events: MessageEvent<ResponseHead>[] = []
  try {
    for await (const bytes of socket) {
      decoder.push(bytes, (event) => events.push(event))
      yield* events.splice(0)
      if (decoder.state === 'done') return // whether the server closes the connection or not
    }
    decoder.end(() => {}) // throws where FIN is not the end
  } catch (error) {
    throw /_INCOMPLETE$/.test((error as { code?: string }).code ?? '') ? truncated(error) : error
  } finally {
    socket.destroy()
  }
}

async function* dataOf(events: ReturnType<typeof read>): AsyncGenerator<Uint8Array> {
  for await (const event of events) if (event.kind === 'data') yield event.data
}

const truncated = (cause?: unknown) => Object.assign(new Error('it broke off', { cause }), { code: 'Truncated' })
