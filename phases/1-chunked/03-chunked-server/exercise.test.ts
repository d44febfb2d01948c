import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { asBytes, asText, expect, mistake, within } from '@sse-from-scratch/course'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { test } from 'vitest'
import { sendChunked } from '#ex/03-chunked-server'

const noLastChunk = mistake(
  'no-last-chunk',
  'The body has no end. Without `0 CR LF CR LF` the client waits for more, or takes the body for a cut one (RFC 9112 §7.1, §8).',
  (got) => !/\r\n0\r\n/.test(asText(got)),
)
const noEmptyLine = mistake(
  'no-empty-line',
  'Behind the last chunk comes an empty line, also when there are no trailers: without it the client waits for them (RFC 9112 §7.1).',
  (got) => asText(got).endsWith('\r\n0\r\n'),
)
const collectsAll = mistake(
  'collects-all',
  'You collect the pieces before you send. The client sees nothing until the last one is there: that is what chunked is made to avoid.',
  (got) => got.length === 0,
)
const threeWrites = mistake<readonly string[]>(
  'three-writes',
  'Size, data and CR LF left in separate writes. Each may be a packet and a read of its own, and a client that waits for the CR LF is late. Make one array of them.',
  (got) => got.length > 3,
)
const emptyEndsBody = mistake<readonly string[]>(
  'empty-ends-body',
  'An empty piece became a chunk of size 0. That is the last chunk: it ends the body, and all behind it is lost (RFC 9112 §7.1).',
  (got) => got[1]?.startsWith('0\r\n') === true,
)
const endsSocket = mistake<unknown>(
  'ends-socket',
  'The last chunk ends the body, not the connection. It can carry the next answer (RFC 9112 §9.3): that is why bodies have ends of their own.',
  () => true,
)
const lastChunkAnyway = mistake<string>(
  'last-chunk-anyway',
  'The source failed, and you sent the last chunk all the same. Now the client takes half an answer for a whole one (RFC 9112 §8).',
  (got) => got.endsWith('0\r\n\r\n'),
)
const ignoresFull = mistake<{ piecesAskedFor: number }>(
  'ignores-full',
  '`write` returned false: the socket is full. You asked for more all the same, and all of it waits in the memory of your server. Wait for `drain`.',
  ({ piecesAskedFor }) => piecesAskedFor > 1,
)
const writesOn = mistake<unknown>(
  'writes-on',
  'The socket was closed, your wait was over, and you asked for the next piece all the same. Look at `socket.destroyed` after the wait, and leave the loop.',
  () => true,
)
const deafToClose = mistake<unknown>(
  'deaf-to-close',
  'A socket that is closed never drains. Wait for `drain` or `close`, or each client that leaves keeps its source working for ever.',
  () => true,
)

test('each piece is a chunk, and the last chunk ends the body', async () => {
  await using line = await openLine()
  await finished(sendChunked(line.socket, pieces('one', ' two')), line)
  expect(line.written()).toBeBytes('3\r\none\r\n4\r\n two\r\n0\r\n\r\n', {
    as: 'chunked',
    mistakes: [noLastChunk, noEmptyLine],
  })
})

test('a piece is sent before the next one is asked for', async () => {
  await using line = await openLine()
  let written = new Uint8Array(0)
  async function* source() {
    yield asBytes('one')
    await turns(2)
    written = Uint8Array.from(line.written())
    yield asBytes(' two')
  }
  await finished(sendChunked(line.socket, source()), line)
  expect(written).toBeBytes('3\r\none\r\n', { as: 'chunked', mistakes: [collectsAll] })
})

test('a chunk leaves in one write', async () => {
  await using line = await openLine()
  await finished(sendChunked(line.socket, pieces('one', ' two')), line)
  const expected = ['3\r\none\r\n', '4\r\n two\r\n', '0\r\n\r\n']
  expect(line.writes.map(asText)).toMean(expected, { mistakes: [threeWrites] })
})

test('an empty piece sends nothing', async () => {
  await using line = await openLine()
  await finished(sendChunked(line.socket, pieces('one', '', ' two')), line)
  const expected = ['3\r\none\r\n', '4\r\n two\r\n', '0\r\n\r\n']
  expect(line.writes.map(asText)).toMean(expected, { mistakes: [emptyEndsBody] })
})

test('the connection stays open for the next answer', async () => {
  await using line = await openLine()
  await finished(sendChunked(line.socket, pieces('one')), line)
  const { writableEnded, destroyed } = line.socket
  expect({ writableEnded, destroyed }).toMean({ writableEnded: false, destroyed: false }, { mistakes: [endsSocket] })
})

test('a source that fails leaves a body without an end, and its error comes through', async () => {
  await using line = await openLine()
  async function* source() {
    yield asBytes('one')
    throw Object.assign(new Error('the model has gone'), { code: 'GONE' })
  }
  await expect(() => finished(sendChunked(line.socket, source()), line)).toRefuse('GONE')
  await turns(2)
  expect(asText(line.written())).toMean('3\r\none\r\n', { mistakes: [lastChunkAnyway] })
})

test('a full socket is waited for', async () => {
  await using line = await openLine()
  let asked = 0
  async function* source() {
    for (; asked < 4; ) {
      asked++
      yield new Uint8Array(100_000)
    }
  }
  line.hold()
  const sent = sendChunked(line.socket, source())
  await Promise.race([sent, turns(20)]) // who does not wait has asked for the next piece long before
  expect({ piecesAskedFor: asked }).toMean({ piecesAskedFor: 1 }, { mistakes: [ignoresFull] })
  line.release()
  await finished(sent, line)
  expect({ piecesAskedFor: asked }).toMean({ piecesAskedFor: 4 })
})

test('a client that leaves ends the wait, and the source', async () => {
  await using line = await openLine()
  let ended = false
  let asked = 0
  async function* source() {
    try {
      for (; asked < 20; ) {
        asked++
        yield new Uint8Array(100_000)
      }
    } finally {
      ended = true
    }
  }
  line.hold()
  const sent = sendChunked(line.socket, source())
  await Promise.race([sent, turns(5)])
  const before = asked
  line.socket.destroy()
  await Promise.race([sent, turns(20)])
  const mistakes = [asked > before ? writesOn : deafToClose]
  await within(500, sent, 'sendChunked to see that the socket is closed', undefined, mistakes)
  expect({ sourceEnded: ended, allPiecesTaken: asked === 20 }).toMean<unknown>(
    { sourceEnded: true, allPiecesTaken: false },
    { mistakes: [writesOn] },
  )
})

test('fetch reads what you send, piece by piece', async () => {
  await using server = await listen()
  const response = await within(2000, firstError(fetch(server.url), server), 'fetch to get the head')
  expect(await within(2000, response.text(), 'fetch to see the end of the body')).toMean('one two')
})

describeWith(['curl'], 'curl', ([curl]) => {
  test('curl reads what you send', async () => {
    await using server = await listen()
    const { stdout, code } = await firstError(run(curl?.path ?? 'curl', ['-sN', '--max-time', '5', server.url]), server)
    expect({ stdout, code }).toMean({ stdout: 'one two', code: 0 })
  })
})

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    yield asBytes(text)
    await turns(2) // what makes pieces takes its time, if only a little
  }
}

/** Both ends of a connection, and every write that reaches the system. */
interface Line extends AsyncDisposable {
  readonly socket: Socket
  readonly writes: Uint8Array[]
  written(): Uint8Array
  /** From now on writes wait, as if the client had stopped reading. */
  hold(): void
  release(): void
}

async function openLine(): Promise<Line> {
  const server = createServer({ allowHalfOpen: true })
  const { port } = await listening(server)
  const client = connect({ port, host: '127.0.0.1' })
  client.on('error', () => {}).resume()
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => {})
  const writes: Uint8Array[] = []
  const held: (() => void)[] = []
  let isHeld = false
  const pass = (bytes: Uint8Array, act: () => void) => {
    writes.push(bytes)
    if (isHeld) held.push(act)
    else act()
  }
  const { _write, _writev } = socket
  socket._write = (chunk, encoding, done) =>
    pass(Buffer.from(chunk, encoding), () => _write.call(socket, chunk, encoding, done))
  socket._writev = (chunks, done) =>
    pass(Buffer.concat(chunks.map(({ chunk, encoding }) => Buffer.from(chunk, encoding))), () =>
      _writev?.call(socket, chunks, done),
    )
  return {
    socket,
    writes,
    written: () => Buffer.concat(writes),
    hold() {
      isHeld = true
    },
    release() {
      isHeld = false
      for (const act of held.splice(0)) act()
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
      socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function finished(sent: Promise<void>, line: Line): Promise<void> {
  await within(2000, sent, 'sendChunked to be done', () => line.written())
  await turns(2) // what was handed to the socket may leave at the end of the turn
}

/** So many turns of the event loop: time for whoever waits for nothing. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

interface Running extends AsyncDisposable {
  readonly url: string
  /** Rejects with what sendChunked throws. */
  readonly failed: Promise<never>
}

/** A server that answers each connection with two pieces. */
async function listen(): Promise<Running> {
  let fail = (_error: unknown) => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      sendChunked(socket, pieces('one', ' two')).catch(fail)
    })
  })
  const { port } = await listening(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    failed,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function firstError<T>(promise: Promise<T>, { failed }: Running): Promise<T> {
  promise.catch(() => {})
  return Promise.race([promise, failed])
}

async function listening(server: ReturnType<typeof createServer>): Promise<AddressInfo> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server.address() as AddressInfo
}
