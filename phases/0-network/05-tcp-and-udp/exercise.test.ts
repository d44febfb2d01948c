import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { asBytes, asText, expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { audit, sendNumbered } from '#ex/05-tcp-and-udp'
import { startCuttingRelay } from '../demos/cutting-relay.ts'
import { startLossyRelay } from '../demos/lossy-relay.ts'
import type { Audit } from './contract.ts'

const lostByCounting = mistake<Audit>(
  'lost-by-counting',
  'You counted how many came, and called the last ones lost. Any number may be the lost one: look which of them never came.',
  ({ lost }) => lost.join() === '5',
)
const gapIsSwap = mistake<Audit>(
  'gap-is-swap',
  'A number that does not follow its neighbour need not be swapped: the one between them may be lost. Swapped is who comes behind a LARGER one.',
  ({ swapped }) => swapped > 0,
)
const seesNoTail = mistake<Audit>(
  'sees-no-tail',
  'You looked for gaps, and behind the last number that came there is none. Only who knows how many were sent can see that the last ones are lost.',
  ({ lost }) => lost.join() === '1',
)
const twiceIsSwapped = mistake<Audit>(
  'twice-is-swapped',
  'You counted a copy as swapped. The network may double a datagram, and the copy comes behind larger numbers: that is "twice", and nothing was overtaken.',
  ({ swapped }) => swapped > 0,
)
const noEdges = mistake(
  'no-edges',
  'TCP keeps the order, and no edges: 1 and 2 arrive as 12. Who needs edges must send them, here an LF behind each number.',
  (got) => !asText(got).includes('\n'),
)
const countsFromOne = mistake('counts-from-one', 'You began with 1. The numbers are 0 to n - 1.', (got) =>
  asText(got).startsWith('1\n'),
)
const closesAtOnce = mistake<readonly string[]>(
  'closes-at-once',
  'You closed the socket while the datagrams waited in it, and it threw them away without a word. `send` calls you back when the system has taken one.',
  (got) => got.length === 0,
)
const oneDatagram = mistake<readonly string[]>(
  'one-datagram',
  'You put all numbers into one datagram. It comes whole or not at all: if it is lost, all are. UDP keeps the edges for you: send each number by itself (RFC 768).',
  (got) => got.length === 1,
)
const swallowsRefusal = mistake<unknown>(
  'swallows-refusal',
  'You resolved, and nobody was there. TCP tells you when a call is refused: hand that error on, or your caller believes that all was sent.',
  () => true,
)
const NOTHING: Audit = { lost: [], swapped: 0, twice: [] }

test('audit: when all came in order, there is nothing to say', () => {
  expectAudit([0, 1, 2, 3, 4, 5], 6, NOTHING)
})

test('audit: lost is who never came, and a gap is no swap', () => {
  expectAudit([0, 1, 3, 4, 5], 6, { ...NOTHING, lost: [2] }, lostByCounting, gapIsSwap)
})

test('audit: the last ones can be lost, too', () => {
  expectAudit([0, 2], 5, { ...NOTHING, lost: [1, 3, 4] }, seesNoTail)
  expectAudit([], 3, { ...NOTHING, lost: [0, 1, 2] })
})

test('audit: swapped is who comes behind a larger one', () => {
  expectAudit([1, 0, 2, 4, 5, 3], 6, { ...NOTHING, swapped: 2 })
})

test('audit: what comes twice was not swapped', () => {
  expectAudit([0, 2, 1, 2, 0, 2], 3, { lost: [], swapped: 1, twice: [0, 2] }, twiceIsSwapped)
})

test('TCP: all numbers in order, and an LF behind each', async () => {
  await using receiver = await tcpReceiver()
  await sent('tcp', receiver.port, 12)
  await within(1000, receiver.ended, 'the end of the connection (FIN)', receiver.bytes)
  expect(receiver.bytes()).toBeBytes('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n', {
    as: 'bytes',
    mistakes: [noEdges, countsFromOne],
  })
})

test('UDP: a datagram for each number', async () => {
  await using receiver = await udpReceiver()
  await sent('udp', receiver.port, 6)
  await receiver.untilMark() // came behind all that was sent before
  expect(receiver.datagrams).toMean<readonly string[]>(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n'], {
    mistakes: [closesAtOnce, oneDatagram],
  })
})

test('UDP on a bad line: the audit says what the network did, and each datagram came whole', async () => {
  await using receiver = await udpReceiver()
  await using relay = await startLossyRelay(receiver.port, { seed: 1, drop: 0.2, swap: 0.3 })
  await sent('udp', relay.port, 30)
  const { traffic } = relay
  await receiver.until(
    () => traffic.sent === 30 && receiver.datagrams.length === 30 - traffic.dropped,
    'what the network did not drop',
  )
  const { lost, swapped, twice } = audit(receiver.datagrams.map(Number), 30)
  const isWhole = receiver.datagrams.every((datagram) => /^\d+\n$/.test(datagram))
  expect({ lost: lost.length, swapped, twice, isWhole }).toMean({
    lost: traffic.dropped,
    swapped: traffic.overtaken,
    twice: [],
    isWhole: true,
  })
})

test('TCP on a bad line: nothing lost, nothing swapped, and the reads are cut anywhere', async () => {
  await using receiver = await tcpReceiver()
  await using relay = await startCuttingRelay(receiver.port, 1)
  await sent('tcp', relay.address.port, 30)
  await within(1000, receiver.ended, 'the end of the connection (FIN)', receiver.bytes)
  const numbers = asText(receiver.bytes()).split('\n').slice(0, -1).map(Number)
  expect(audit(numbers, 30)).toMean(NOTHING)
  const isCut = receiver.reads.some((read) => !/^\d+\n$/.test(asText(read)))
  expect({ isCut }).toMean({ isCut: true })
})

test('TCP says when nobody listens', async () => {
  const receiver = await tcpReceiver()
  await receiver[Symbol.asyncDispose]()
  await expect(() => sent('tcp', receiver.port, 3)).toRefuse('ECONNREFUSED', { mistakes: [swallowsRefusal] })
})

function expectAudit(
  seen: readonly number[],
  n: number,
  expected: Audit,
  ...mistakes: ReturnType<typeof mistake<Audit>>[]
): void {
  expect(audit(seen, n)).toMean(expected, { given: { seen, n }, mistakes })
}

function sent(kind: 'udp' | 'tcp', port: number, n: number): Promise<void> {
  return within(1000, sendNumbered(kind, port, n), `sendNumbered over ${kind.toUpperCase()} to resolve`)
}

/** Takes one connection and keeps each read. */
async function tcpReceiver() {
  const reads: Uint8Array[] = []
  const { promise: ended, resolve } = deferred()
  const server = createServer((socket) => {
    socket.on('data', (bytes) => reads.push(bytes))
    socket.on('end', resolve)
    socket.on('error', () => {})
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    reads,
    ended,
    bytes: () => asBytes(reads),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

const MARK = 'that was all'

/** Keeps each datagram, until one says that this was all. */
async function udpReceiver() {
  const datagrams: string[] = []
  const { promise: marked, resolve } = deferred()
  const socket = createSocket('udp4')
  socket.on('message', (datagram) => {
    if (datagram.toString() === MARK) resolve()
    else datagrams.push(datagram.toString())
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  return {
    port,
    datagrams,
    /** On one machine, datagrams to one socket keep their order. */
    async untilMark() {
      socket.send(MARK, port, '127.0.0.1')
      await within(1000, marked, 'the last datagram')
    },
    /** Looks at each turn of the event loop. */
    async until(isSo: () => boolean, what: string) {
      let isOver = false
      const look = async () => {
        while (!isOver && !isSo()) await new Promise((turn) => setImmediate(turn))
      }
      try {
        await within(1000, look(), what)
      } finally {
        isOver = true
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
