import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { asBytes, asText, type Clock, expect, mistake, Todo, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { resilient } from '#ex/05-survive'
import type { Open } from './contract.ts'
import { askFor } from './samples/ask.ts'

const startsOver = mistake<Heard>(
  'starts-over',
  'The stream came twice. When you come back you must say what you have heard, or the server begins again with the first event: hand `lastEventId` to open (HTML §9.2.3).',
  ({ events }) => events.filter((event) => event === '1 one').length > 1,
)
const endIsOver = mistake<Heard>(
  'end-is-over',
  'The connection has ended in good order, and you took that for the end of the stream. A proxy ends connections, a deploy does. Only `over` is the end: come back (HTML §9.2.3).',
  ({ asked }) => asked.length === 1,
)
const oneDecoder = mistake<AfterCut>(
  'one-decoder',
  'The beginning of a line that was cut is still in your decoder, and the first line of the new connection was written behind it. A new connection is a new stream of bytes: begin with a new decoder (HTML §9.2.3).',
  ({ cutBehind, events }) => events.some((event) => !ALL.includes(event)) || (cutBehind === 'd' && events.length < 3),
)
const flushesHalf = mistake<AfterCut>(
  'flushes-half',
  'You have handed on an event whose blank line never came. It is cut, and it will come again, whole: half an event is no event (HTML §9.2.6).',
  ({ events }) =>
    events.length > ALL.length ||
    events.some((event) => ALL.some((one) => one.length > event.length && one.startsWith(event))),
)
const idOfHalfEvent = mistake<AfterCut>(
  'id-of-half-event',
  'An event is lost. You took its id when its line came, and then the connection broke before the blank line: you said that you had heard what you had not (HTML §9.2.6).',
  ({ cutBehind, events }) => /id: \d\r?\n?/.test(cutBehind) && events.length < ALL.length,
)
const forgetsId = mistake<Heard>(
  'forgets-id',
  'A connection that brought no event made you forget where you were. The id belongs to the stream: start the decoder of each connection from the last one, or keep the id beside it.',
  ({ asked }) => asked[1] === '1' && asked[2] === '',
)
const countsAll = mistake<Heard>(
  'counts-all',
  'You count every lost connection. This stream goes on, one event at a time, and in a year it loses a thousand: an event ends the row, and the count begins again.',
  ({ error }) => error === 'GAVE_UP',
)
const openIsProgress = mistake<Heard>(
  'open-is-progress',
  'The server accepts you, and dies: a crash loop. A connection that opens is no success as long as no event comes. Let only events end the row.',
  ({ asked }) => asked.length > 3,
)
const noWait = mistake<Heard>(
  'no-wait',
  'You come back at once, and again at once. A server that starts slowly, with ten thousand such clients, never comes up. Wait with clock.sleep.',
  ({ waits }) => waits.length === 0,
)
const sameWait = mistake<Heard>(
  'same-wait',
  'You wait the same time after each failure. Double it with each connection in a row that brings nothing.',
  ({ waits }) => new Set(waits).size === 1,
)
const staysConnected = mistake<{ readonly aborted: boolean | undefined }>(
  'stays-connected',
  'Your reader has left, and the connection is open: the server goes on sending to nobody. Abort the signal that you gave to open, in a finally.',
  ({ aborted }) => aborted === false,
)

// data before id, then id before data, then the line ends of another world: the cuts between them are not alike
const BLOCKS = ['data: one\nid: 1\n\n', 'id: 2\ndata: zw\u00f6lf\n\n', 'id: 3\r\ndata: a\r\ndata: b\r\n\r\n']
const ALL = ['1 one', '2 zw\u00f6lf', '3 a\nb']
const WHOLE = asBytes(BLOCKS)

test('a stream that ends is asked for again, until the server says that it is over', async () => {
  const { events, asked } = await listen(createLine())
  expect({ events, asked } as unknown as Heard).toMean({ events: ALL, asked: ['', '3'] } as unknown as Heard, {
    mistakes: [startsOver, endIsOver],
  })
})

test('cut at every byte, by FIN and by RST: each event comes exactly once', async () => {
  await expectEveryCut('FIN')
  await expectEveryCut('RST')
})

test('an id outlives a connection that brings no event', async () => {
  const heard = await listen(createLine({ after: 17, by: 'RST' }, { after: 3, by: 'RST' }), 9)
  expect({ asked: heard.asked, events: heard.events } as unknown as Heard).toMean(
    { asked: ['', '1', '1', '3'], events: ALL } as unknown as Heard,
    { mistakes: [forgetsId] },
  )
})

test('a connection that brings an event ends the row of those that brought none', async () => {
  const pieces = [5, 17, 5, 25, 5, 'refused', 40] as const // three of them in a row would be too many
  const heard = await listen(
    createLine(...pieces.map((after) => (after === 'refused' ? after : { after, by: 'RST' as const }))),
  )
  expect({ events: heard.events, error: heard.error } as unknown as Heard).toMean(
    { events: ALL, error: undefined } as unknown as Heard,
    {
      mistakes: [countsAll],
    },
  )
})

test('after so many connections without an event it gives up, and says of what the last one died', async () => {
  const dying = Array.from({ length: 9 }, () => ({ after: 5, by: 'RST' }) as const)
  const heard = await listen(createLine(...dying))
  expect({ asked: heard.asked, error: heard.error, cause: heard.cause } as unknown as Heard).toMean(
    { asked: ['', '', ''], error: 'GAVE_UP', cause: 'ECONNRESET' } as unknown as Heard,
    { mistakes: [openIsProgress] },
  )
})

test('who cannot be reached is asked later and later', async () => {
  const refused = Array.from({ length: 6 }, () => 'refused' as const)
  const { waits } = await listen(createLine(...refused), 6)
  expect({ waits } as unknown as Heard).toMean({ waits: [6000, 12_000, 24_000, 30_000, 30_000] } as unknown as Heard, {
    mistakes: [noWait, sameWait],
  })
})

test('retry: says how long to wait, from then on', async () => {
  const line = createLine({ after: 5 + 11, by: 'FIN' }, 'refused')
  const { waits } = await listen({ ...line, prefix: asBytes('retry: 40\n\n') })
  expect(waits).toMean([80, 160, 40])
})

test('whoever leaves ends the connection', async () => {
  let signal: AbortSignal | undefined
  const open: Open = async (request) => {
    signal = request.signal
    return stays(WHOLE)
  }
  const leave = async () => {
    for await (const _ of resilient(open, { tries: 3, clock: createInstantClock([]) })) break
  }
  await within(2000, leave(), 'the first event')
  expect({ aborted: signal?.aborted }).toMean({ aborted: true }, { mistakes: [staysConnected] })
})

test('real sockets that are cut, in the head, in a chunk-size, in an event: each event comes exactly once', async () => {
  resilient(async () => 'over', { tries: 1, clock: createInstantClock([]) })
  const cuts = Array.from({ length: 24 }, (_, nth) => 1 + nth * 7)
  const heard = await Promise.all(cuts.map((after, nth) => overSockets(after, nth % 2 === 0 ? 'FIN' : 'RST')))
  const wrong = cuts
    .map((after, nth) => ({ after, events: heard[nth] }))
    .filter(({ events }) => `${events}` !== `${ALL}`)
  expect(wrong).toMean([])
})

/** All that one can see of it. */
interface Heard {
  readonly events: readonly string[]
  /** The id in each request. */
  readonly asked: readonly string[]
  readonly waits: readonly number[]
  readonly error: unknown
  readonly cause?: unknown
}

interface AfterCut {
  readonly cutBehind: string
  readonly events: readonly string[]
}

/** What happens to a connection. */
type Fate = { readonly after: number; readonly by: 'FIN' | 'RST' } | 'refused'

interface Line {
  readonly fates: readonly Fate[]
  readonly asked: string[]
  /** What each connection begins with. */
  readonly prefix: Uint8Array
}

/** A server that sends what is behind an id, on a line on which the first connections have these fates. */
function createLine(...fates: Fate[]): Line {
  return { fates, asked: [], prefix: new Uint8Array(0) }
}

/** No client needs so many. */
const MOST_CONNECTIONS = 12

async function answer(
  { fates, asked, prefix }: Line,
  lastEventId: string,
): Promise<AsyncIterable<Uint8Array> | 'over'> {
  const fate = fates[asked.push(lastEventId) - 1]
  if (asked.length > MOST_CONNECTIONS || lastEventId === '3') return 'over'
  if (fate === 'refused') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  return bodyOf(asBytes([prefix, ...BLOCKS.slice(Number(lastEventId))]), fate)
}

async function* bodyOf(bytes: Uint8Array, fate: Exclude<Fate, 'refused'> | undefined): AsyncGenerator<Uint8Array> {
  const part = bytes.slice(0, fate?.after)
  if (part.length > 0) yield part
  if (fate?.by === 'RST') throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}

async function* stays(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
  await new Promise(() => {})
}

async function listen(line: Line, tries = 3): Promise<Heard> {
  const waits: number[] = []
  const open: Open = ({ lastEventId }) => answer(line, lastEventId)
  const { events, error } = await within(2000, readAll(open, tries, waits), 'the stream to be over')
  const { code, cause } = (error ?? {}) as { code?: string; cause?: { code?: string } }
  return {
    events,
    asked: line.asked,
    waits,
    error: code ?? error,
    ...(cause !== undefined && { cause: cause.code ?? cause }),
  }
}

async function readAll(open: Open, tries: number, waits: number[]): Promise<{ events: string[]; error?: unknown }> {
  const events: string[] = []
  try {
    for await (const { lastEventId, data } of resilient(open, { tries, clock: createInstantClock(waits) }))
      events.push(`${lastEventId} ${data}`)
    return { events }
  } catch (error) {
    if (error instanceof Todo) throw error
    return { events, error }
  }
}

/** Nobody waits, and all waits are written down. */
function createInstantClock(waits: number[]): Clock {
  return {
    now: () => 0,
    async sleep(ms, signal) {
      waits.push(ms)
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
    },
  }
}

async function expectEveryCut(by: 'FIN' | 'RST'): Promise<void> {
  const cuts = Array.from(WHOLE, (_, at) => at + 1)
  const heard = await Promise.all(cuts.map((after) => listen(createLine({ after, by }))))
  const first = heard.findIndex(({ events }) => `${events}` !== `${ALL}`)
  if (first < 0) return
  const wrong = heard.filter(({ events }) => `${events}` !== `${ALL}`).length
  const cutBehind = asText(WHOLE.subarray(Math.max(0, first - 15), first + 1))
  expect<AfterCut>({ cutBehind, events: heard[first]?.events ?? [] }).toMean(
    { cutBehind, events: ALL },
    {
      given: `cut by ${by} after byte ${first + 1} of the first connection (right for ${cuts.length - wrong} of ${cuts.length} cuts)`,
      mistakes: [flushesHalf, oneDecoder, idOfHalfEvent],
    },
  )
}

/** What comes out when the first connection is cut behind so many bytes, head and chunk-sizes included. */
async function overSockets(after: number, cut: 'FIN' | 'RST'): Promise<readonly string[]> {
  await using server = await serve(after, cut)
  const ask = askFor(`http://127.0.0.1:${server.port}/`)
  let asked = 0
  const open: Open = async (request) => (++asked > MOST_CONNECTIONS ? 'over' : ask(request))
  const heard = readAll(open, 3, [])
  return (await within(4000, heard, `the stream to be over, after a cut behind byte ${after}`)).events
}

/** Sends what is behind the id, chunk by chunk, and ends. The first connection is cut. */
async function serve(after: number, cut: 'FIN' | 'RST'): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const isFirst = sockets.size === 0
    sockets.add(socket.on('error', () => {}))
    socket.once('data', (request: Buffer) => {
      const whole = answerTo(/^last-event-id: (\d)/im.exec(asText(request))?.[1])
      if (!isFirst) socket.end(whole)
      else if (cut === 'FIN') socket.end(whole.subarray(0, after))
      else socket.write(whole.subarray(0, after), () => setTimeout(() => socket.resetAndDestroy(), 10))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close')
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function answerTo(id = '0'): Uint8Array {
  if (Number(id) === BLOCKS.length) return asBytes('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
  const chunks = BLOCKS.slice(Number(id)).map((block) => [asBytes(block).length.toString(16), '\r\n', block, '\r\n'])
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
  return asBytes([head, ...chunks.flat(), '0\r\n\r\n'])
}
