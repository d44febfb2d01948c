import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { asText, expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { startEcho } from '#ex/02-echo-server'

const collectsAll = mistake(
  'collects-all',
  'You wait for the end of the connection before you answer. The client waits for your answer before it ends: both wait for ever.',
  (got) => got.length === 0,
)
const textNotBytes = mistake(
  'text-not-bytes',
  'You made text of the bytes. What is no UTF-8 becomes U+FFFD (ef bf bd) on the way. An echo does not ask what bytes mean: hand them back as they are.',
  (got) => asText(got).includes('\u00ef\u00bf\u00bd'),
)
const endsAfterFirst = mistake<string>(
  'ends-after-first',
  'You ended the connection after one read. A connection is a conversation: the client ends it, by its FIN.',
  (got) => got === 'one',
)
const mixesClients = mistake<{ second: string }>(
  'mixes-clients',
  'One client got what another one said. Each connection has a socket of its own, although the port is the same: answer on the socket that was read.',
  ({ second }) => second.includes('first'),
)
const destroysAtEnd = mistake<{ came: string }>(
  'destroys-at-end',
  'FIN says "I have no more to send", not "I have gone". The client still reads, and you have cut off what was on its way (RFC 9293 §3.6). End, do not destroy.',
  ({ came }) => came !== 'all of it',
)
const diesOfReset = mistake<string>(
  'dies-of-reset',
  'A socket without a listener for `error` throws when its client resets the connection. Nobody catches that: one client has ended the server for all.',
  (got) => got.includes('ECONNRESET'),
)
const closeWaits = mistake(
  'close-waits',
  '`server.close` stops listening, and then waits for the clients that are there. One that stays keeps your server for ever: cut their sockets, too.',
  () => true,
)
const LARGE = 8_000_000

test('what a client says comes back at once', async () => {
  await using echo = await started()
  const client = await echo.call()
  client.socket.write('hello')
  await within(1000, client.has(5), 'five bytes to come back', client.received, [collectsAll])
  expect(client.received()).toBeBytes('hello', { as: 'bytes' })
})

test('all 256 bytes come back as they are', async () => {
  await using echo = await started()
  const client = await echo.call()
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  client.socket.write(all)
  await within(1000, client.has(256), '256 bytes to come back', client.received)
  expect(client.received()).toBeBytes(all, { as: 'bytes', mistakes: [textNotBytes] })
})

test('the client may go on talking', async () => {
  await using echo = await started()
  const client = await echo.call()
  client.socket.write('one')
  await within(1000, client.has(3), 'the first word to come back', client.received)
  client.socket.write(' two')
  await within(1000, client.has(7), 'the second word to come back', client.received)
  expect(asText(client.received())).toMean('one two', { mistakes: [endsAfterFirst] })
})

test('two clients do not hear each other', async () => {
  await using echo = await started()
  const [first, second] = [await echo.call(), await echo.call()]
  first.socket.write('the first')
  await within(1000, first.has(9), "the first client's words to come back", first.received)
  second.socket.write('the second')
  await within(1000, second.has(10), "the second client's words to come back", second.received)
  const got = { first: asText(first.received()), second: asText(second.received()) }
  expect(got).toMean({ first: 'the first', second: 'the second' }, { mistakes: [mixesClients] })
})

test('a client that has ended still gets the rest, and then the end', async () => {
  await using echo = await started()
  const { socket, received, has } = await echo.call({ reads: false })
  socket.end(new Uint8Array(LARGE))
  await standstill(socket) // as much is on its way as there is room for
  socket.resume()
  await within(3000, has(Number.POSITIVE_INFINITY), 'the server to end, too')
  const came = received().length === LARGE ? 'all of it' : 'a part of it'
  expect({ came }).toMean({ came: 'all of it' }, { mistakes: [destroysAtEnd] })
})

test('a client that breaks off (RST) does not end the server', async () => {
  await using echo = await started()
  const crash = catchCrash()
  try {
    const rude = await echo.call()
    rude.socket.write('hello')
    await within(1000, rude.has(5), 'five bytes to come back', rude.received)
    rude.socket.resetAndDestroy()
    const polite = await echo.call()
    polite.socket.write('still there?')
    await within(1000, Promise.race([polite.has(12), crash.happened]), 'the server to answer the next client')
    await turns(2)
  } finally {
    crash.stopWatching()
  }
  expect(crash.words()).toMean('no error left uncaught', { mistakes: [diesOfReset] })
})

test('close cuts who is still there, and nobody is accepted any more', async () => {
  await using echo = await started()
  const client = await echo.call()
  client.socket.write('hello')
  await within(1000, client.has(5), 'five bytes to come back', client.received)
  await within(500, echo.close(), 'close, while a client is connected', undefined, [closeWaits])
  await expect(once(connect(echo.port, '127.0.0.1'), 'connect')).toRefuse('ECONNREFUSED')
})

test('a port that is taken is an error, not silence', async () => {
  await using echo = await started()
  await expect(() => within(1000, startEcho({ port: echo.port }), 'the second server to be refused')).toRefuse()
})

interface Client {
  readonly socket: Socket
  readonly received: () => Uint8Array
  /** Resolves when so many bytes have come, or no more will. */
  readonly has: (count: number) => Promise<void>
}

interface Started extends AsyncDisposable {
  readonly port: number
  close(): Promise<void>
  call(options?: { reads: boolean }): Promise<Client>
}

async function started(): Promise<Started> {
  const { port, close } = await within(1000, startEcho(), 'the server to listen')
  const sockets: Socket[] = []
  let isClosed = false
  return {
    port,
    async close() {
      isClosed = true
      await close()
    },
    async call({ reads } = { reads: true }) {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      sockets.push(socket)
      const client = clientOn(socket)
      if (!reads) socket.pause()
      await within(1000, once(socket, 'connect'), 'the server to accept')
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      if (!isClosed) await within(1000, close(), 'close')
    },
  }
}

function clientOn(socket: Socket): Client {
  const reads: Uint8Array[] = []
  let length = 0
  let isOver = false
  let look = () => {}
  const over = () => {
    isOver = true
    look()
  }
  socket.on('data', (bytes) => {
    reads.push(bytes)
    length += bytes.length
    look()
  })
  socket.on('error', over).on('end', over).on('close', over)
  return {
    socket,
    received: () => Buffer.concat(reads),
    has: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (isOver || length >= count) resolve()
        }
        look()
      }),
  }
}

/** Resolves when a socket takes no more for a while, or has taken all. */
async function standstill(socket: Socket): Promise<void> {
  for (let still = 0, before = -1; still < 20; still++) {
    if (socket.writableLength !== before) still = 0
    before = socket.writableLength
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** What would have ended the process, had it been a server of its own. */
function catchCrash() {
  const others = process.listeners('uncaughtException')
  let words = 'no error left uncaught'
  let tell = () => {}
  const happened = new Promise<void>((resolve) => {
    tell = resolve
  })
  const onCrash = (error: Error) => {
    words = `uncaught: ${error.message}`
    tell()
  }
  process.removeAllListeners('uncaughtException').on('uncaughtException', onCrash)
  return {
    happened,
    words: () => words,
    stopWatching() {
      process.removeListener('uncaughtException', onCrash)
      for (const other of others) process.on('uncaughtException', other)
    },
  }
}
