import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { asBytes, asText, expect, mistake, Todo, within } from '@sse-from-scratch/course'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { test } from 'vitest'
import { postStream } from '#ex/01-post-with-stream-true'
import type { PostOptions, StreamedAnswer } from './contract.ts'

const asksForGzip = mistake(
  'asks-for-gzip',
  'You said that you take gzip, and then you read the body as it is. A raw client asks for no compression, or decodes it while it comes (RFC 9110 §12.5.3).',
  (got) => /accept-encoding/i.test(asText(got)),
)
const charsNotBytes = mistake(
  'chars-not-bytes',
  'Content-Length counts BYTES (RFC 9110 §8.6). You counted characters: in UTF-8 `ö` is two bytes, so the server reads JSON without its end.',
  (got) => /content-length: 46\r\n/i.test(asText(got)),
)
const dropsQuery = mistake<unknown>(
  'drops-query',
  'The target of a request is the path AND the query (RFC 9112 §3.2.1). Some providers have the version of their API there.',
  (got) => !String(got).includes('?'),
)
const waitsForAll = mistake<unknown>(
  'waits-for-all',
  'The head has come, and you still wait: for the body. Resolve at the empty line behind the head, or nobody sees the first token before the last one.',
  () => true,
)
const rawBody = mistake<unknown>(
  'raw-body',
  'You gave the framing out with the data: sizes and their CR LF. The decoder of chunked takes them off (RFC 9112 §7.1).',
  (got) => String(got).includes('\r\n'),
)
const headInOneRead = mistake<unknown>(
  'head-in-one-read',
  'The head came in two reads. Keep what has come until the empty line is there: a read is not a message.',
  () => true,
)
const interimIsAnswer = mistake<unknown>(
  'interim-is-answer',
  'A status from 100 to 199 is no answer yet: read it, and go on to the next head (RFC 9110 §15.2). A client must expect one that it has not asked for.',
  (got) => JSON.stringify(got).includes('10'),
)
const endIsSuccess = mistake<unknown>(
  'end-is-success',
  'The connection ended before the body did, and you called it a success. Half an answer then looks like a whole one (RFC 9112 §8).',
  (got) => JSON.stringify(got).includes('read'),
)
const throwsAway401 = mistake<unknown>(
  'throws-away-401',
  'A refusal is an answer. Its body says why, and its headers say when to come again: whoever throws here loses both.',
  () => true,
)
const dialsAnyway = mistake<unknown>(
  'dials-anyway',
  'The signal was aborted before you began, and you connected all the same. An aborted signal fires no event any more: look at it first.',
  () => true,
)
const abortForgetsSocket = mistake(
  'abort-forgets-socket',
  'You stopped waiting, but the socket stays open. The server knows nothing of your signal: it goes on, and you pay for every token. Destroy the socket.',
  () => true,
)
const leavesOpen = mistake(
  'leaves-open',
  'The caller left the loop over the body, and the socket stays open: the server goes on, and you pay for what nobody reads. Close it in a finally.',
  () => true,
)
const headerInjection = mistake<unknown>(
  'header-injection',
  'A value with CR LF in it becomes a header of its own, or a whole second request (RFC 9110 §5.5). A key that was read from a file often ends with a line end. Refuse it.',
  () => true,
)
const plainForHttps = mistake<unknown>(
  'plain-for-https',
  'The URL says https:, and you sent your request, with the key in it, as it is. It must go through TLS, which has its own module: node:tls (RFC 9110 §4.2.2).',
  (got) => JSON.stringify(got).includes('HTTP_REQUEST'),
)
const noServerName = mistake<readonly { readonly name: unknown }[]>(
  'no-server-name',
  'The server was not told whom you want. Many sites share one address, and each has a certificate of its own: give tls.connect a `servername` (RFC 6066 §3). `host` alone does not do it.',
  ([first]) => first?.name === false,
)
const trustsEveryone = mistake<unknown>(
  'trusts-everyone',
  'Nobody vouches for this certificate, and you sent your key to whoever has it. rejectUnauthorized: false is no repair for a certificate: `ca` is (RFC 9110 §4.3.4).',
  () => true,
)

const CHUNKED = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const EVENTS = ['data: one\n\n', 'data: two\n\n']
const FRAMED = [...EVENTS.map((event) => `b\r\n${event}\r\n`), '0\r\n\r\n'].join('')
const question = (content: string) => ({ model: 'm', stream: true, messages: [{ role: 'user', content }] })

test('the request is these bytes', async () => {
  await using server = await answering(CHUNKED + FRAMED)
  const json = { model: 'm', stream: true }
  await textOf(post(server, { headers: { Authorization: 'Bearer k' }, json }))
  const expected = [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: ${new URL(server.url).host}`,
    'Accept: text/event-stream',
    'Content-Type: application/json',
    'Authorization: Bearer k',
    'Connection: close',
    'Content-Length: 27',
    '',
    '{"model":"m","stream":true}',
  ].join('\r\n')
  expect(asBytes(server.requests)).toBeBytes(expected, { mistakes: [asksForGzip] })
})

test('Content-Length counts bytes', async () => {
  await using server = await answering(CHUNKED + FRAMED)
  const json = { stream: true, prompt: 'Wie schön ist Köln?' }
  await textOf(post(server, { json }))
  const expected = [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: ${new URL(server.url).host}`,
    'Accept: text/event-stream',
    'Content-Type: application/json',
    'Connection: close',
    'Content-Length: 48',
    '',
    '{"stream":true,"prompt":"Wie schön ist Köln?"}',
  ].join('\r\n')
  expect(asBytes(server.requests)).toBeBytes(expected, { mistakes: [charsNotBytes] })
})

test('path and query are the target', async () => {
  await using server = await answering(CHUNKED + FRAMED)
  const target = '/openai/deployments/m/chat/completions?api-version=2026-01-01'
  await textOf(postStream(new URL(target, server.url), { headers: {}, json: {} }))
  const [, seen] = asText(asBytes(server.requests)).split(' ')
  expect<unknown>(seen).toMean(target, { mistakes: [dropsQuery] })
})

test('status and headers are there before the body is', async () => {
  await using server = await listening((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nX-Request-ID: 7\r\nContent-Length: 2\r\n\r\n'))
  })
  const answer = await within(1000, post(server), 'status and headers, which have come', undefined, [waitsForAll])
  expect({ status: answer.status, id: answer.headers['x-request-id'] }).toMean({ status: 200, id: '7' })
  const text = textOf(answer)
  server.end('ok')
  expect(await within(1000, text, 'the end of a body of 2 bytes, which have come')).toMean<unknown>('ok')
})

test('the body comes without its framing', async () => {
  await using server = await answering(CHUNKED + FRAMED)
  expect(await textOf(post(server))).toMean<unknown>(EVENTS.join(''), { mistakes: [rawBody] })
})

test('each piece comes out before the next one is sent', async () => {
  await using server = await listening((socket) => {
    socket.once('data', () => socket.write(`${CHUNKED}b\r\n${EVENTS[0]}\r\n`))
  })
  const { body } = await within(1000, post(server), 'the head of the answer')
  const pieces = body[Symbol.asyncIterator]()
  const first = await within(1000, pieces.next(), 'the first piece, which has been sent')
  expect(first.done ? first : asText(first.value)).toMean<unknown>(EVENTS[0])
  server.end(`b\r\n${EVENTS[1]}\r\n0\r\n\r\n`)
  const second = await within(1000, pieces.next(), 'the second piece')
  expect(second.done ? second : asText(second.value)).toMean<unknown>(EVENTS[1])
  expect(await within(1000, pieces.next(), 'the end of the body')).toMean<unknown>({ value: undefined, done: true })
})

test('the head may come in two reads, with a part of the body behind it', async () => {
  for (const at of [5, CHUNKED.length - 2, CHUNKED.length + 6]) {
    const whole = CHUNKED + FRAMED
    await using server = await answering(whole.slice(0, at), whole.slice(at))
    expect(await textOf(post(server))).toMean<unknown>(EVENTS.join(''), { mistakes: [headInOneRead] })
  }
})

test('an interim response is not the answer', async () => {
  await using server = await answering(
    'HTTP/1.1 100 Continue\r\n\r\n',
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${CHUNKED}`,
    FRAMED,
  )
  const { status, text } = await seen(post(server))
  expect({ status, text }).toMean<unknown>({ status: 200, text: EVENTS.join('') }, { mistakes: [interimIsAnswer] })
})

test('a body may also have a length, or end with the connection', async () => {
  const text = EVENTS.join('')
  for (const head of ['HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n', 'HTTP/1.0 200 OK\r\n\r\n']) {
    await using server = await answering(head, text)
    expect({ [head]: await textOf(post(server)) }).toMean<unknown>({ [head]: text })
  }
})

test('an answer that breaks off is Truncated', async () => {
  for (const [where, cut] of [
    ['inside a chunk', `${CHUNKED}b\r\ndata`],
    ['before the last chunk', CHUNKED + FRAMED.replace('0\r\n\r\n', '')],
    ['before its Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\ndata: one'],
    ['inside the head', 'HTTP/1.1 200'],
    ['before the head', ''],
  ] as const) {
    await using server = await answering(cut)
    const got = { where, thrown: await codeOf(post(server)) }
    expect(got).toMean<unknown>({ where, thrown: 'Truncated' }, { mistakes: [endIsSuccess] })
  }
})

test('a refusal is an answer', async () => {
  const body = '{"error":{"message":"bad key"}}'
  await using server = await answering(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  const { status, text } = await seen(post(server))
  expect({ status, text }).toMean<unknown>({ status: 401, text: body }, { mistakes: [throwsAway401] })
})

test('who is not there is an error, with its code', async () => {
  const server = await answering('')
  await server[Symbol.asyncDispose]()
  await expect(() => textOf(post(server), 'throw')).toRefuse('ECONNREFUSED')
})

test('a signal that is aborted already: nobody is called', async () => {
  await using server = await answering(CHUNKED + FRAMED)
  const reason = new Error('changed my mind')
  const thrown = await codeOf(post(server, { signal: AbortSignal.abort(reason) }))
  const got = { thrown, connections: server.connections }
  expect(got).toMean<unknown>({ thrown: reason.message, connections: 0 }, { mistakes: [dialsAnyway] })
})

test('an abort while you wait for the head: the server sees it', async () => {
  await using server = await listening((socket) => socket.once('data', () => stop.abort(reason)))
  const stop = new AbortController()
  const reason = new Error('too slow')
  const thrown = within(1000, codeOf(post(server, { signal: stop.signal })), 'the promise to reject')
  await within(1000, Promise.all([thrown, server.left]), 'the server to see that you have gone', undefined, [
    abortForgetsSocket,
  ])
  expect(await thrown).toMean<unknown>(reason.message)
})

test('an abort between two pieces: the loop throws, and the server sees it', async () => {
  await using server = await listening((socket) => {
    socket.once('data', () => socket.write(`${CHUNKED}b\r\n${EVENTS[0]}\r\n`))
  })
  const stop = new AbortController()
  const reason = new Error('enough')
  const { body } = await post(server, { signal: stop.signal })
  const reading = within(1000, codeOf(Promise.resolve({ status: 200, headers: {}, body: aborting(body) })), 'the loop')
  async function* aborting(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      stop.abort(reason)
      yield piece
    }
  }
  expect(await reading).toMean<unknown>(reason.message)
  await within(1000, server.left, 'the server to see that you have gone', undefined, [abortForgetsSocket])
})

test('leaving the loop closes the connection', async () => {
  await using server = await listening((socket) => {
    socket.once('data', () => socket.write(`${CHUNKED}b\r\n${EVENTS[0]}\r\n`))
  })
  const { body } = await post(server)
  for await (const _ of body) break
  await within(1000, server.left, 'the server to see that you have gone', undefined, [leavesOpen])
})

test('a header cannot smuggle in another one', async () => {
  await using server = await answering(CHUNKED + FRAMED)
  const headers = { Authorization: 'Bearer k\r\nX-Admin: yes' }
  const refused = await textOf(post(server, { headers }), 'throw').then(
    () => 'sent',
    (error: unknown) => notTodo(error) instanceof TypeError && 'TypeError',
  )
  const got = { refused, connections: server.connections }
  expect(got).toMean<unknown>({ refused: 'TypeError', connections: 0 }, { mistakes: [headerInjection] })
})

const certificate = selfSignedCertificate()

test('https: speaks TLS, and says whom it wants', async () => {
  const names: { name: unknown }[] = []
  const secure = createTlsServer(certificate, (socket: TLSSocket) => {
    names.push({ name: 'servername' in socket && socket.servername })
    socket.on('error', () => {})
    socket.once('data', () => socket.end(CHUNKED + FRAMED))
  })
  await using server = await opened(secure)
  const url = new URL(server.url.replace('http://127.0.0.1', 'https://localhost'))
  const text = await textOf(postStream(url, { headers: {}, json: {}, ca: certificate.cert }))
  const got = { text, handshakes: server.handshakes }
  expect(got).toMean<unknown>({ text: EVENTS.join(''), handshakes: [] }, { mistakes: [plainForHttps] })
  expect(names).toMean([{ name: 'localhost' }], { mistakes: [noServerName] })
})

test('a server that cannot prove who it is gets nothing', async () => {
  let heard = ''
  const secure = createTlsServer(certificate, (socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard += bytes
      socket.end(CHUNKED + FRAMED)
    })
  })
  await using server = await opened(secure)
  const url = new URL(server.url.replace('http://127.0.0.1', 'https://localhost'))
  const headers = { Authorization: 'Bearer secret' }
  const thrown = await codeOf(postStream(url, { headers, json: {} }))
  const got = { thrown, keySent: heard.includes('secret') }
  const expected = { thrown: 'DEPTH_ZERO_SELF_SIGNED_CERT', keySent: false }
  expect(got).toMean<unknown>(expected, { mistakes: [trustsEveryone] })
})

test('node:http understands the request', async () => {
  const http = createHttpServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    response.end(`${request.method} ${request.headers['content-type']} ${Buffer.concat(pieces)}`)
  })
  await using server = await opened(http)
  const expected = 'POST application/json {"prompt":"schön"}'
  const text = await textOf(post(server, { json: { prompt: 'schön' } }))
  expect(text).toMean<unknown>(expected.replace('ö', '\u00c3\u00b6'))
})

test('a model streams to it, and stops when it is told to', async () => {
  const finished: boolean[] = []
  const model = await startSimulator({
    tokensPerSecond: 500,
    firstTokenDelay: 0,
    words: { min: 5000, max: 5000 }, // it cannot be done before it is told to stop
    onFinish: (a) => finished.push(a.complete),
  })
  try {
    const stop = new AbortController()
    const url = new URL('/v1/chat/completions', model.url)
    const asking = postStream(url, { headers: {}, json: question('What is a river?'), signal: stop.signal })
    const { status, headers, body } = await within(1000, asking, 'the head of the answer')
    expect({ status, type: headers['content-type'] }).toMean({ status: 200, type: 'text/event-stream' })
    const reading = (async () => {
      for await (const piece of body) if (asText(piece).includes('content')) stop.abort()
    })()
    const thrown = await within(1000, reading.catch(notTodo), 'the loop to end')
    expect(thrown instanceof Error ? thrown.name : thrown).toMean<unknown>('AbortError')
  } finally {
    await model.close()
  }
  expect(finished).toMean([false])
})

function post({ url }: Listening, options: Partial<PostOptions> = {}): Promise<StreamedAnswer> {
  return postStream(new URL('/v1/chat/completions', url), { headers: {}, json: question('Hi'), ...options })
}

/** The whole body as text, a character a byte; what is thrown, as text, or thrown on. */
async function textOf(answer: Promise<StreamedAnswer> | StreamedAnswer, errors: 'text' | 'throw' = 'text') {
  try {
    return await within(2000, readAll(answer), 'the answer to end')
  } catch (error) {
    if (error instanceof Todo || errors === 'throw') throw error
    return error instanceof Error ? `${error.name}: ${error.message}` : error
  }
}

async function seen(answer: Promise<StreamedAnswer>): Promise<{ status: unknown; text: unknown }> {
  const status = await answer.then(
    (head) => head.status,
    (error: unknown) => `${notTodo(error)}`,
  )
  return { status, text: await textOf(answer) }
}

/** The code of what is thrown, its message if it has none; or what was read. */
async function codeOf(answer: Promise<StreamedAnswer>): Promise<unknown> {
  try {
    return { read: await within(2000, readAll(answer), 'the answer to end') }
  } catch (error) {
    if (!(notTodo(error) instanceof Error)) return error
    const { code, message } = error as { code?: unknown; message: string }
    return typeof code === 'string' ? code : message
  }
}

async function readAll(answer: Promise<StreamedAnswer> | StreamedAnswer): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of (await answer).body) all.push(Uint8Array.from(piece))
  return asText(asBytes(all))
}

function notTodo(error: unknown): unknown {
  if (error instanceof Todo) throw error
  return error
}

interface Listening extends AsyncDisposable {
  readonly url: string
  /** What the clients have sent. */
  readonly requests: Uint8Array[]
  readonly connections: number
  /** How handshakes of TLS have failed. */
  readonly handshakes: readonly string[]
  /** Resolves when a client has gone. */
  readonly left: Promise<void>
  /** Sends this as the end of what it has to say. */
  end(text: string): void
}

/** Sends these writes as the answer, each in a turn of its own, and then FIN. */
function answering(...writes: string[]): Promise<Listening> {
  return listening((socket) => {
    socket.once('data', async () => {
      for (const write of writes) {
        socket.write(write)
        for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
      }
      socket.end()
    })
  })
}

function listening(onConnection: (socket: Socket) => void): Promise<Listening> {
  return opened(
    createServer((socket) => {
      socket.setNoDelay()
      onConnection(socket)
    }),
  )
}

async function opened(server: Server): Promise<Listening> {
  const requests: Uint8Array[] = []
  const handshakes: string[] = []
  const sockets = new Set<Socket>()
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', leave)
    if (!('addContext' in server)) socket.on('data', (bytes: Uint8Array) => requests.push(bytes))
  })
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    handshakes.push(error.code ?? error.message)
    socket.destroy()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    handshakes,
    left,
    get connections() {
      return sockets.size
    },
    end(text) {
      for (const socket of sockets) socket.end(text)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}
