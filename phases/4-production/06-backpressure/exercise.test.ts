import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { asBytes, expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { fanOut, pump } from '#ex/06-backpressure'

const collectsFirst = mistake<unknown>(
  'collects-first',
  'You ask for all pieces before you send the first. A source that never ends is never sent, and one that does is in your memory as a whole. Send each piece when you have it.',
  () => true,
)
const alwaysWaitsForDrain = mistake<unknown>(
  'always-waits-for-drain',
  'You wait for `drain` behind every write. It comes only after a write() that said false; behind one that said true nothing is announced, and you wait for ever. Ask what write() returned.',
  () => true,
)
const ignoresWriteResult = mistake<{ readonly held: string }>(
  'ignores-write-result',
  'write() said false, and you went on. It takes the bytes all the same, and keeps them in your process, without a limit. Wait for `drain` when it says false.',
  ({ held }) => held !== FEW,
)
const deafToClose = mistake<unknown>(
  'deaf-to-close',
  'You wait for `drain`, and the socket is closed: it never has room again, and you wait for ever, with the source open. Wait for `drain` or `close`, whichever is first.',
  () => true,
)
const leavesSourceOpen = mistake<{ readonly sourceIsEnded: boolean }>(
  'leaves-source-open',
  'You have stopped, and the source does not know: its file, its query or its model stays open. Call its return(). A `for await` that you leave does that for you.',
  ({ sourceIsEnded }) => !sourceIsEnded,
)
const waitsForTheSlowest = mistake<unknown>(
  'waits-for-the-slowest',
  'You wait for one client before you serve the next one. A single laptop that sleeps now stops the stream of everybody. Give each client a queue of its own, and wait for none.',
  () => true,
)
const noLimit = mistake<{ readonly held: string }>(
  'no-limit',
  'All that the sleeper does not read waits in your memory: nobody counts it. At 60 KB every two seconds that is the heap of a process in 39 hours. Count what waits, and stop at the limit.',
  ({ held }) => held !== WITHIN_LIMIT,
)
const dropsNewest = mistake<unknown>(
  'drops-newest',
  'The sleeper wakes, and hears what was so long ago; the last event is missing. You leave out what does not fit. drop-oldest leaves out what has waited longest: keep a queue of your own, and take from its front.',
  () => true,
)
const endsPolitely = mistake<{ readonly isCutOff: boolean }>(
  'ends-politely',
  'You have called end(). It sends FIN behind all that waits, and this reader does not read: the connection and its bytes stay as long as it likes. Cut it off with destroy().',
  ({ isCutOff }) => !isCutOff,
)

test('pump: each piece leaves as soon as it is there', async () => {
  await using line = await open()
  const source = createSource()
  const pumped = start(pump(line.socket, source))
  source.push(asBytes('one '))
  await within(PATIENCE, line.heard(4), 'the first piece, while the source has no second one', undefined, [
    collectsFirst,
  ])
  source.push(asBytes('two'))
  await within(PATIENCE, line.heard(7), 'the second piece', line.bytes, [alwaysWaitsForDrain], 'bytes')
  source.end()
  await within(PATIENCE, pumped, 'pump to be done', line.bytes, [], 'bytes')
  expect(line.bytes()).toBeBytes('one two', { as: 'bytes' })
  expect({ socketIsOpen: line.socket.writable }).toMean({ socketIsOpen: true })
})

test('pump: the source is asked only when the socket has room', async () => {
  await using line = await open({ asleep: true })
  const most = line.socket.writableHighWaterMark + PIECE.length
  let held = 0
  const pumped = start(
    pump(
      line.socket,
      pieces(PIECES, () => (held = Math.max(held, line.socket.writableLength))),
    ),
  )
  await within(PATIENCE, line.isFull(), 'the kernel to be full')
  line.wake()
  await within(PATIENCE, pumped, 'pump to be done, now that the reader reads')
  expect({ held: held <= most ? FEW : MORE }).toMean({ held: FEW }, { mistakes: [ignoresWriteResult] })
  await within(PATIENCE, line.heard(PIECES * PIECE.length), 'the last piece')
})

test('pump: a socket that closes while you wait for it ends the wait, and the source', async () => {
  await using line = await open({ asleep: true })
  let isEnded = false
  const onEnd = () => (isEnded = true)
  const pumped = start(
    pump(
      line.socket,
      pieces(4 * PIECES, () => {}, onEnd),
    ),
  )
  await within(PATIENCE, line.isFull(), 'the kernel to be full')
  line.socket.destroy()
  const rejected = pumped.then(
    () => false,
    () => true,
  )
  expect({
    rejects: await within(PATIENCE, rejected, 'pump to end: its socket is closed', undefined, [deafToClose]),
  }).toMean({ rejects: true })
  expect({ sourceIsEnded: isEnded }).toMean({ sourceIsEnded: true }, { mistakes: [leavesSourceOpen] })
})

test('pump: a source that fails is an error of yours', async () => {
  await using line = await open()
  const failing = (async function* () {
    yield asBytes('one')
    throw Object.assign(new Error('the database is gone'), { code: 'DATABASE' })
  })()
  await expect(within(PATIENCE, start(pump(line.socket, failing)), 'pump to fail')).toRefuse('DATABASE')
})

test('fanOut: each client hears each event that comes while it is there', async () => {
  const clients = new Set<Socket>()
  const publish = fanOut(clients, { limitBytes: LIMIT, policy: 'disconnect' })
  await using first = await open()
  clients.add(first.socket)
  publish(asBytes('data: one\n\n'))
  await using second = await open()
  clients.add(second.socket)
  publish(asBytes('data: two\n\n'))
  await within(PATIENCE, Promise.all([first.heard(22), second.heard(11)]), 'both to hear')
  expect(first.bytes()).toBeBytes('data: one\n\ndata: two\n\n', { as: 'event-stream' })
  expect(second.bytes()).toBeBytes('data: two\n\n', { as: 'event-stream' })
})

test('fanOut: who reads hears everything, whoever else sleeps', async () => {
  for (const policy of ['drop-oldest', 'disconnect'] as const) {
    const clients = new Set<Socket>()
    const publish = fanOut(clients, { limitBytes: LIMIT, policy })
    await using sleeper = await open({ asleep: true })
    await using reader = await open()
    clients.add(sleeper.socket).add(reader.socket)
    let sent = 0
    for (let behind = 0; behind < 2 * LIMIT; sent++) {
      publish(event(sent))
      const heard = reader.heard((sent + 1) * PIECE.length)
      await within(PATIENCE, heard, 'the reader to hear the next event, while another one sleeps', undefined, [
        waitsForTheSlowest,
      ])
      if (sleeper.isStuck() || !sleeper.socket.writable) behind += PIECE.length
    }
    expect(idsIn(reader.bytes())).toMean(numbers(0, sent))
  }
})

test('fanOut, drop-oldest: no more waits for a sleeper than its limit, and it hears the newest when it wakes', async () => {
  const clients = new Set<Socket>()
  const publish = fanOut(clients, { limitBytes: LIMIT, policy: 'drop-oldest' })
  await using sleeper = await open({ asleep: true })
  clients.add(sleeper.socket)
  const { sent, held } = await publishPast(sleeper, publish)
  expect({ held: held <= LIMIT ? WITHIN_LIMIT : MORE }).toMean({ held: WITHIN_LIMIT }, { mistakes: [noLimit] })

  sleeper.wake()
  const newest = sleeper.heardEvent(sent - 1)
  await within(PATIENCE, newest, 'the sleeper, now awake, to hear the newest event', undefined, [dropsNewest])
  const ids = idsIn(sleeper.bytes())
  const ofTheLast = ids.filter((id) => id >= sent - BURST).length
  expect({
    isInOrder: ids.every((id, nth) => nth === 0 || id > (ids[nth - 1] ?? 0)),
    held: ofTheLast <= LIMIT / PIECE.length ? WITHIN_LIMIT : MORE,
  }).toMean({ isInOrder: true, held: WITHIN_LIMIT }, { mistakes: [noLimit] })
})

test('fanOut, disconnect: who is behind by more than its limit is cut off', async () => {
  const clients = new Set<Socket>()
  const publish = fanOut(clients, { limitBytes: LIMIT, policy: 'disconnect' })
  await using sleeper = await open({ asleep: true })
  clients.add(sleeper.socket)
  await publishPast(sleeper, publish)
  expect({ isCutOff: sleeper.socket.destroyed, clients: clients.size }).toMean(
    { isCutOff: true, clients: 0 },
    { mistakes: [endsPolitely] },
  )
})

test('fanOut: a client that has closed is left out, and gets no listener more with each event', async () => {
  const clients = new Set<Socket>()
  const publish = fanOut(clients, { limitBytes: LIMIT, policy: 'drop-oldest' })
  await using gone = await open()
  await using stays = await open()
  clients.add(gone.socket).add(stays.socket)
  gone.socket.destroy()
  for (let nth = 0; nth < 20; nth++) publish(asBytes('data: x\n\n'))
  await within(PATIENCE, stays.heard(20 * 9), 'the other one to hear')
  const most = Math.max(...[gone, stays].map(({ socket }) => socket.listenerCount('drain')))
  expect(most < 3 ? 'one listener is enough' : `${most} listeners for drain`).toMean('one listener is enough')
})

/** Milliseconds. Nothing is measured here: a right answer needs a few of them. */
const PATIENCE = 3000
const PIECE = new Uint8Array(64 * 1024)
/** More than kernels take: 20 MiB. */
const PIECES = 320
const LIMIT = 4 * PIECE.length
/** Events behind a full socket: three times as many as fit. */
const BURST = 12
const FEW = 'the high-water mark and one piece, at most'
const WITHIN_LIMIT = 'limitBytes, at most'
/** How much more depends on the kernel. */
const MORE = 'more than that: it waits in your process'

/** An event as long as a piece, with a number. */
function event(id: number): Uint8Array {
  const head = `id: ${id}\ndata: `
  return asBytes(`${head}${'x'.repeat(PIECE.length - head.length - 2)}\n\n`)
}

/** The numbers of the events that came; one that is not whole has none. */
function idsIn(bytes: Uint8Array): number[] {
  const blocks = Buffer.from(bytes).toString('latin1').split('\n\n')
  return blocks
    .filter((block) => block.length === PIECE.length - 2)
    .map((block) => Number(/^id: (\d+)\n/.exec(block)?.[1]))
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, nth) => from + nth)
}

async function* pieces(
  count: number,
  onAsk: () => unknown,
  onEnd = (): unknown => undefined,
): AsyncGenerator<Uint8Array> {
  try {
    for (let nth = 0; nth < count; nth++) {
      onAsk()
      // A source that never lets go would leave the sockets no turn: nobody could see that it is asked too often.
      if (nth % 1024 === 1023) await new Promise((resolve) => setImmediate(resolve))
      yield PIECE
    }
  } finally {
    onEnd()
  }
}

/** A promise of yours; one that is not begun says so at once, and one that fails while nobody looks is no crash. */
function start<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** Publishes until the socket of a sleeper is full, and a burst more. Says how much its socket held at most. */
async function publishPast(
  sleeper: Line,
  publish: ReturnType<typeof fanOut>,
): Promise<{ readonly sent: number; readonly held: number }> {
  let [sent, held] = [0, 0]
  let left = BURST
  for (; left > 0 && sent < PIECES && sleeper.socket.writable; sent++) {
    publish(event(sent))
    held = Math.max(held, sleeper.socket.writableLength)
    left = (await sleeper.staysFull()) ? left - 1 : BURST
  }
  return { sent, held }
}

/** A connection: the socket of the sender, and what its reader has read. */
interface Line extends AsyncDisposable {
  readonly socket: Socket
  bytes(): Uint8Array
  heard(bytes: number): Promise<void>
  /** Event `id`, whole. */
  heardEvent(id: number): Promise<void>
  /** The socket has said "wait", and no `drain` has come yet. */
  isStuck(): boolean
  /** Whether the socket has no room now, and gets none in a few turns. */
  staysFull(): Promise<boolean>
  isFull(): Promise<void>
  wake(): void
}

async function open({ asleep = false } = {}): Promise<Line> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1')
  reader.on('error', () => {})
  if (asleep) reader.pause()
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => {})

  const parts: Buffer[] = []
  let size = 0
  let [head, lastId, drains] = ['', -1, 0]
  const onRead = new Set<() => void>()
  reader.on('data', (bytes: Buffer) => {
    size += parts[parts.push(bytes) - 1]?.length ?? 0
    head = head.slice(-20) + bytes.toString('latin1')
    const at = head.lastIndexOf('id: ')
    if (at >= 0) lastId = Number.parseInt(head.slice(at + 4), 10)
    for (const look of [...onRead]) look()
  })
  if (asleep) reader.pause()
  socket.on('drain', () => drains++)

  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return
        onRead.delete(look)
        resolve()
      }
      onRead.add(look)
      look()
    })
  async function staysFull(): Promise<boolean> {
    const before = drains
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    return socket.writableNeedDrain && drains === before
  }
  return {
    socket,
    bytes: () => Buffer.concat(parts),
    heard: (bytes) => until(() => size >= bytes),
    heardEvent: (id) => until(() => lastId === id && size % PIECE.length === 0),
    isStuck: () => socket.writableNeedDrain,
    staysFull,
    async isFull() {
      while (!(await staysFull()) && socket.writable);
    },
    wake: () => reader.resume(),
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close')
      reader.destroy()
      socket.destroy()
      await closed
    },
  }
}

interface Source extends AsyncIterable<Uint8Array> {
  push(piece: Uint8Array): void
  end(): void
}

/** A source in the hands of the test. */
function createSource(): Source {
  const waiting: (Uint8Array | null)[] = []
  let wake = () => {}
  const give = (piece: Uint8Array | null) => {
    waiting.push(piece)
    wake()
  }
  return {
    push: give,
    end: () => give(null),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const piece = waiting.shift()
        if (piece === null) return
        if (piece) yield piece
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
