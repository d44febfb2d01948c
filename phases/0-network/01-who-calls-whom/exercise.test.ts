import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { describeConnection } from '#ex/01-who-calls-whom'
import type { Description, Endpoint } from './contract.ts'

/** What the ports of a test are called: their numbers are others each time. */
interface Named {
  readonly client: string
  readonly server: string
}

const localIsServer = mistake<Named>(
  'local-is-server',
  'Local is whoever asks, not the server. This socket called: here local is the client (RFC 9293 §3.3.1: local and remote, seen from each end).',
  ({ client }) => client.includes('listens'),
)
const localIsClient = mistake<Named>(
  'local-is-client',
  'Local is whoever asks, not the client. The server was handed this socket: here local is the server, and the caller is remote.',
  ({ client }) => client.includes('listens'),
)
const lowerPortIsServer = mistake<Named>(
  'lower-port-is-server',
  'You guessed from the numbers. That servers have the smaller port is a habit, no rule: a client may have any port that is free. Who called is not in the numbers.',
  ({ client }) => client.includes('listens'),
)
const addressIsClient = mistake<readonly Named[]>(
  'address-is-client',
  'You took the second client for the first, because the address is the same. A connection has the name of both its ends, ports included (RFC 9293 §3.4.1).',
  ([first, second]) => second?.client === first?.client,
)
const blankAddress = mistake<unknown>(
  'blank-address',
  'An empty address and port 0 look like an answer, and are none: nobody took this call. Say so where it is asked, with an error.',
  (got) => isDescription(got) && got.client.port === 0,
)
const knowsItselfOnly = mistake<unknown>(
  'knows-itself-only',
  'A socket that is still calling has an address of its own already. The other end is known when there is a connection: ask for both.',
  (got) => isDescription(got) && got.client.port !== 0,
)

test('the client has called: its own end is the client', async () => {
  await using pair = await connected('client has the higher port')
  const got = pair.named(describeConnection(pair.caller, 'client'))
  expect(got).toMean<Named>(RIGHT, { mistakes: [localIsServer] })
})

test('the server describes the same connection in the same way', async () => {
  await using pair = await connected('client has the higher port')
  const got = pair.named(describeConnection(pair.called, 'server'))
  expect(got).toMean<Named>(RIGHT, { mistakes: [localIsClient] })
})

test('who called is not told by the numbers of the ports', async () => {
  await using pair = await connected('client has the lower port')
  const got = pair.named(describeConnection(pair.caller, 'client'))
  expect(got).toMean<Named>(RIGHT, { mistakes: [lowerPortIsServer] })
  expect(pair.named(describeConnection(pair.called, 'server'))).toMean<Named>(RIGHT, { mistakes: [lowerPortIsServer] })
})

test('two clients on one port of the server are two connections', async () => {
  await using pair = await connected('client has the higher port')
  const second = await pair.callAgain()
  const first = describeConnection(pair.called, 'server')
  const got = [first, describeConnection(second.called, 'server')].map(second.named)
  expect(got).toMean<readonly Named[]>([RIGHT, { ...RIGHT, client: 'port of the second caller' }], {
    mistakes: [addressIsClient],
  })
})

test('a call that was refused is no connection', async () => {
  const server = await listening()
  const { port } = server.address() as AddressInfo
  await closed(server) // its door is shut, and nobody else's yet
  const caller = connect(port, '127.0.0.1')
  const [error] = await within(1000, once(caller, 'error'), 'the call to fail')
  expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED')
  await expect(() => withoutNumbers(describeConnection(caller, 'client'))).toRefuse('ENOTCONN', {
    mistakes: [blankAddress],
  })
})

test('a call that is not yet answered is no connection', async () => {
  const server = await listening()
  const caller = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [answered, accepted] = [once(caller, 'connect'), once(server, 'connection')]
  await new Promise<void>((resolve) => process.nextTick(resolve)) // now it has asked; the answer waits until we look at our events
  try {
    await expect(() => withoutNumbers(describeConnection(caller, 'client'))).toRefuse('ENOTCONN', {
      mistakes: [knowsItselfOnly],
    })
  } finally {
    await within(1000, answered, 'the call to be answered')
    const [called] = (await accepted) as [Socket]
    caller.destroy()
    called.destroy()
    await closed(server)
  }
})

const RIGHT: Named = { client: 'port of the caller', server: 'port that listens' }

interface Pair extends AsyncDisposable {
  readonly caller: Socket
  readonly called: Socket
  /** The names of the ports in it. */
  readonly named: (description: Description) => Named
}

/** A client and its server, and who of them has the higher port. */
async function connected(order: 'client has the higher port' | 'client has the lower port') {
  const [low, high] = (await Promise.all([listening(), listening()])).sort((a, b) => portOf(a) - portOf(b))
  const [server, spare] = order === 'client has the higher port' ? [low, high] : [high, low]
  if (server === undefined || spare === undefined) throw new Error('two servers were started')
  const clientPort = portOf(spare)
  await closed(spare) // the port is free now, and known to be higher, or lower
  const names = new Map([
    [portOf(server), 'port that listens'],
    [clientPort, 'port of the caller'],
  ])
  const { caller, called } = await call(server, clientPort)
  const open = [caller, called]
  const named = ({ client, server: other }: Description): Named => ({ client: nameOf(client), server: nameOf(other) })
  const nameOf = ({ address, port }: Endpoint) =>
    address === '127.0.0.1' ? (names.get(port) ?? 'a port that nobody has') : `the address ${address}`

  return {
    caller,
    called,
    named,
    async callAgain() {
      const again = await call(server)
      names.set(again.caller.localPort ?? 0, 'port of the second caller')
      open.push(again.caller, again.called)
      return { ...again, named }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await closed(server)
    },
  } satisfies Pair & { callAgain: unknown }
}

async function call(server: Server, localPort?: number) {
  const accepted = once(server, 'connection')
  const caller = connect({
    port: portOf(server),
    host: '127.0.0.1',
    allowHalfOpen: true,
    ...(localPort && { localPort }),
  })
  await within(1000, once(caller, 'connect'), 'the client to be connected')
  const [called] = (await within(1000, accepted, 'the server to accept')) as [Socket]
  return { caller, called }
}

async function listening(): Promise<Server> {
  const server = createServer({ allowHalfOpen: true })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

async function closed(server: Server): Promise<void> {
  const done = once(server, 'close')
  server.close()
  await done
}

/** The port of the caller is another one each time. */
function withoutNumbers({ client, server }: Description) {
  return { client: { ...client, port: client.port > 0 ? 'its own' : client.port }, server }
}

function isDescription(got: unknown): got is ReturnType<typeof withoutNumbers> {
  return typeof got === 'object' && got !== null && 'client' in got
}
