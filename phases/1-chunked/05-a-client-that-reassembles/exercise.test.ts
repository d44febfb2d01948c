import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { serve } from '@sse-from-scratch/chunked'
import { asBytes, asText, expect, mistake, Todo, within } from '@sse-from-scratch/course'
import { parseRequestHead } from '@sse-from-scratch/http-raw'
import { test } from 'vitest'
import { getChunked } from '#ex/05-a-client-that-reassembles'

const NO_END = 'a request whose head does not end'
const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

const rawBody = mistake<unknown>(
  'raw-body',
  'You gave the framing out with the data. Sizes and their CR LF are for you, not for your caller: push the bytes through the decoder (RFC 9112 §7.1).',
  (got) => String(got).includes('5\r\nhello'),
)
const noHost = mistake<unknown>(
  'no-host',
  'A request of HTTP/1.1 without Host is refused with 400: the server may have many sites on one address (RFC 9112 §3.2).',
  (got) => String(got).includes('Host') || String((got as { host?: unknown }).host) === 'null',
)
const noEmptyLine = mistake<unknown>(
  'no-empty-line',
  'Your request has no empty line at its end: CR LF CR LF. The server goes on waiting for the next field (RFC 9112 §2.1).',
  (got) => got === NO_END,
)
const dropsFirst = mistake<unknown>(
  'drops-first',
  'The read with the end of the head had bytes of the body behind it, and you dropped them. TCP knows no border between head and body.',
  () => true,
)
const headInOneRead = mistake<unknown>(
  'head-in-one-read',
  'The head came in two reads. Keep what has come until the empty line is there, and only then read it.',
  () => true,
)
const collectsAll = mistake<unknown>(
  'collects-all',
  'You wait for the whole body before you give the first piece. A caller who wants to show words as they come sees nothing for a long time.',
  () => true,
)
const waitsForClose = mistake<unknown>(
  'waits-for-close',
  'The last chunk is the end. The server may keep the connection open, for a minute or for ever: do not wait for its FIN (RFC 9112 §7.1, §9.3).',
  () => true,
)
const endIsSuccess = mistake<unknown>(
  'end-is-success',
  'The connection ended, the last chunk did not come, and you called it a success. A server that dies closes its connection, too (RFC 9112 §8).',
  (got) => JSON.stringify(got).includes('read'),
)
const assumesChunked = mistake<unknown>(
  'assumes-chunked',
  'You read each answer as chunked. Look at Transfer-Encoding first: other answers have a length, or end with the connection (RFC 9112 §6.3).',
  (got) => JSON.stringify(got).includes('read'),
)
const leavesOpen = mistake<unknown>(
  'leaves-open',
  'The caller left the loop, and the socket stays open: the server goes on working, and you pay for what nobody reads. Close it in a finally.',
  () => true,
)

test('the pieces come without their framing', async () => {
  await using server = await answering(HEAD, '5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n')
  expect(await textOf(server.url)).toMean<unknown>('hello, world', { mistakes: [rawBody] })
})

test('head and body may come in one read', async () => {
  await using server = await answering(`${HEAD}5\r\nhello\r\n`, '1\r\n!\r\n0\r\n\r\n')
  expect(await textOf(server.url)).toMean<unknown>('hello!', { mistakes: [dropsFirst] })
})

test('the request names path, query and host', async () => {
  await using server = await answering(`${HEAD}0\r\n\r\n`)
  await textOf(`${server.url}words?of=wisdom`)
  const { host } = new URL(server.url)
  expect(seenBy(server)).toMean<unknown>(
    { method: 'GET', target: '/words?of=wisdom', host },
    { mistakes: [noEmptyLine, noHost] },
  )
})

test('the head may come in two reads, with a part of the body behind it', async () => {
  for (const at of [10, HEAD.length - 2, HEAD.length - 3]) {
    const whole = `${HEAD}5\r\nhello\r\n0\r\n\r\n`
    await using server = await answering(whole.slice(0, at), whole.slice(at))
    expect(await textOf(server.url)).toMean<unknown>('hello', { mistakes: [headInOneRead] })
  }
})

test('a piece comes out before the next one is sent', async () => {
  await using server = await listening((socket) => {
    socket.once('data', () => socket.write(`${HEAD}5\r\nhello\r\n`))
  })
  const pieces = getChunked(server.url)[Symbol.asyncIterator]()
  const first = await within(1000, pieces.next(), 'the first piece, which has been sent', undefined, [collectsAll])
  expect({ ...first }).toMean<unknown>({ value: asBytes('hello'), done: false })
  await pieces.return?.()
})

test('the last chunk ends it, though the connection stays open', async () => {
  await using server = await listening((socket) => {
    socket.once('data', () => socket.write(`${HEAD}5\r\nhello\r\n0\r\n\r\n`))
  })
  const text = within(1000, textOf(server.url), 'the end of the body, which has come', undefined, [waitsForClose])
  expect(await text).toMean<unknown>('hello')
})

test('a connection that ends too early is Truncated', async () => {
  for (const cut of ['5\r\nhello\r\n', '5\r\nhel', '5\r\nhello\r\n0\r\n']) {
    await using server = await answering(HEAD + cut)
    expect({ [cut]: await codeOf(server.url) }).toMean<unknown>({ [cut]: 'Truncated' }, { mistakes: [endIsSuccess] })
  }
})

test('an answer that is not chunked is refused', async () => {
  await using server = await answering('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
  expect(await codeOf(server.url)).toMean<unknown>('NotChunked', { mistakes: [assumesChunked] })
})

test('leaving the loop closes the connection', async () => {
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  await using server = await listening((socket) => {
    socket.on('close', leave)
    socket.once('data', () => socket.write(`${HEAD}5\r\nhello\r\n`))
  })
  for await (const _ of getChunked(server.url)) break
  await within(1000, left, 'the server to see that the client has gone', undefined, [leavesOpen])
})

test('it reads what node:http writes', async () => {
  const http = createHttpServer((_, response) => {
    for (const word of ['one', ' two', ' three']) response.write(word)
    response.end()
  })
  await using server = await opened(http)
  expect(await textOf(server.url)).toMean<unknown>('one two three')
})

test('it reads what the chunked package writes, with trailers', async () => {
  await using server = await serve(async (_, respond) => {
    const body = await respond(200, { Trailer: 'Words' })
    for (const word of ['one', ' two', ' three']) await body.write(asBytes(word))
    await body.end({ Words: '3' })
  })
  expect(await textOf(`http://127.0.0.1:${server.address.port}/`)).toMean<unknown>('one two three')
})

/** All pieces together; what it throws, as text. */
async function textOf(url: string): Promise<unknown> {
  try {
    return await readAll(url)
  } catch (error) {
    if (error instanceof Todo) throw error
    return error instanceof Error ? `${error.name}: ${error.message}` : error
  }
}

async function codeOf(url: string): Promise<unknown> {
  try {
    return { read: await readAll(url) }
  } catch (error) {
    if (error instanceof Todo) throw error
    return error instanceof Error && 'code' in error ? error.code : `thrown without a code: ${error}`
  }
}

async function readAll(url: string): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of getChunked(url)) all.push(Uint8Array.from(piece))
  return asText(asBytes(all))
}

interface Listening extends AsyncDisposable {
  readonly url: string
  /** What the clients have sent. */
  readonly requests: Uint8Array[]
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
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes: Uint8Array) => requests.push(bytes))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The request as the server understands it, or why it does not. */
function seenBy({ requests }: Listening): unknown {
  const text = asText(asBytes(requests))
  if (!text.includes('\r\n\r\n')) return NO_END
  try {
    const { method, target, fields } = parseRequestHead(text)
    return { method, target, host: fields.get('host') }
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}
