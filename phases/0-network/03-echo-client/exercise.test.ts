import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { asBytes, expect, mistake, within } from '@sse-from-scratch/course'
import { echo, listen } from '@sse-from-scratch/tcp-echo'
import { test } from 'vitest'
import { echoOnce } from '#ex/03-echo-client'

const firstReadOnly = mistake<{ came: string }>(
  'first-read-only',
  'You took the first read for the answer. A large answer comes in many: go on until the server says that it was all (FIN).',
  ({ came }) => came !== 'all of it',
)
const neverEnds = mistake(
  'never-ends',
  'You never say that your message is over. The server waits for more, and you wait for its end. Send FIN behind the message: `end`.',
  () => true,
)
const textNotBytes = mistake(
  'text-not-bytes',
  'You made text of the reads. What is no UTF-8, or was cut between two reads, becomes U+FFFD (ef bf bd). Collect bytes.',
  (got) => Buffer.from(got).includes(Buffer.from([0xef, 0xbf, 0xbd])),
)
const oneError = mistake<unknown>(
  'one-error',
  'Nobody listens there, and that is known at once: it is an answer (RST), not silence. Who calls you must be able to tell the two apart.',
  (got) => (got as { code?: string }).code === 'ETIMEDOUT',
)
const noTimeout = mistake(
  'no-timeout',
  'The server has accepted, and says nothing. TCP has no word for "I am still thinking": without a timer of your own you wait for ever.',
  () => true,
)
const idleTimer = mistake(
  'idle-timer',
  'Your timer begins anew with each byte. A server that sends one now and then holds you for ever: the time is for the whole.',
  () => true,
)
const leavesOpen = mistake<unknown>(
  'leaves-open',
  'You gave up, but your socket is still open. The server goes on for nobody, and your process does not end. Destroy it in `finally`.',
  () => true,
)
const LARGE = 1_000_000

test('what was sent comes back', async () => {
  await using server = await echoServer()
  const answer = await within(1000, asked(echoOnce(server.port, asBytes('hello'))), 'echoOnce', undefined, [neverEnds])
  expect(answer).toBeBytes('hello', { as: 'bytes' })
})

test('any bytes come back as they are', async () => {
  await using server = await echoServer()
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const answer = await within(1000, asked(echoOnce(server.port, all)), 'echoOnce')
  expect(answer).toBeBytes(all, { as: 'bytes', mistakes: [textNotBytes] })
})

test('a million bytes come back', async () => {
  await using server = await echoServer()
  const large = new Uint8Array(LARGE).fill(0x61)
  const { length } = await within(2000, asked(echoOnce(server.port, large)), 'echoOnce')
  const came = length === LARGE ? 'all of it' : 'a part of it'
  expect({ came }).toMean({ came: 'all of it' }, { mistakes: [firstReadOnly] })
})

test('nothing comes back as nothing', async () => {
  await using server = await echoServer()
  expect(await within(1000, asked(echoOnce(server.port, new Uint8Array(0))), 'echoOnce')).toBeBytes('', { as: 'bytes' })
})

test('where nobody listens, it is ECONNREFUSED', async () => {
  const port = await freePort()
  await expect(() => within(1000, asked(echoOnce(port, asBytes('hello'), { timeoutMs: 500 })), 'echoOnce')).toRefuse(
    'ECONNREFUSED',
    { mistakes: [oneError] },
  )
})

test('where nobody answers, it is ETIMEDOUT, and the socket is closed', async () => {
  await using server = await silentServer()
  const asking = asked(echoOnce(server.port, asBytes('hello'), { timeoutMs: 50 }))
  await expect(() => within(1000, asking, 'echoOnce to give up', undefined, [noTimeout])).toRefuse('ETIMEDOUT')
  const gone = within(500, server.gone(), 'the server to see that the client is gone').then(
    () => 'closed',
    () => 'open',
  )
  expect({ socket: await gone }).toMean<unknown>({ socket: 'closed' }, { mistakes: [leavesOpen] })
})

test('the time is for the whole, also when bytes come now and then', async () => {
  await using server = await silentServer((socket) => {
    const drip = setInterval(() => socket.write('.'), 10)
    socket.on('close', () => clearInterval(drip))
  })
  // Far longer than the drip: a machine that stands still for a moment must not look like a silent server.
  const asking = asked(echoOnce(server.port, asBytes('hello'), { timeoutMs: 500 }))
  await expect(() => within(2_000, asking, 'echoOnce to give up', undefined, [idleTimer])).toRefuse('ETIMEDOUT')
})

/** The same promise; what it rejects with after the test has given up is nobody's. */
function asked<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

async function echoServer() {
  const listener = await listen(echo)
  return { port: listener.address.port, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
}

/** A server that accepts, and does not answer unless `onSocket` does. */
async function silentServer(onSocket: (socket: Socket) => void = () => {}) {
  const sockets: Socket[] = []
  let tell = () => {}
  const closed = new Promise<void>((resolve) => {
    tell = resolve
  })
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    socket
      .on('error', () => {})
      .on('close', tell)
      .resume()
    onSocket(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    /** Resolves when the client's socket is closed. Its FIN does not say so, only the RST that answers a write. */
    async gone() {
      const probe = setInterval(() => sockets[0]?.write('?'), 10)
      await closed.finally(() => clearInterval(probe))
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A port on which nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
