import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { describe, expect, test } from 'vitest'
import { createExplainer } from '../../src/proxy/explainer.ts'
import type { Item } from '../../src/proxy/item.ts'
import {
  createTimeline,
  type Exchange,
  exchangesOf,
  residencesOf,
  type TimelineOptions,
  timingsOf,
} from '../../src/timeline/index.ts'

type Line = readonly [at: number, direction: 'up' | 'down', what: string]

const ASK = 'POST /v1/chat?key=SECRET HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer SECRET\r\nContent-Length: 2\r\n\r\n'
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n'
const chunk = (data: string) => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`
const token = (content: string) => chunk(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
const END = '0\r\n\r\n'

/** Reads, and ends: `FIN` and `RST` are what they say. */
function entriesOf(lines: readonly Line[], connection = 1): RecordedRead[] {
  return lines.map(([at, direction, what]) => {
    if (what === 'FIN') return { kind: 'fin', at, connection, direction }
    if (what === 'RST') return { kind: 'reset', at, connection, direction }
    return { kind: 'bytes', at, connection, direction, bytes: Buffer.from(what) }
  })
}

function exchangesFrom(entries: readonly RecordedRead[], options: TimelineOptions = {}): readonly Exchange[] {
  const timeline = createTimeline(options)
  const explainer = createExplainer(timeline.take, { withBytes: true })
  for (const entry of entries) explainer.take(entry)
  return timeline.exchanges
}

function only(lines: readonly Line[]): Exchange {
  const [exchange, another] = exchangesFrom(entriesOf(lines))
  if (!exchange || another) throw new Error('one exchange')
  return exchange
}

const ranges = ({ items }: Exchange, direction: 'up' | 'down') =>
  items.flatMap((item) => (item.kind === 'read' && item.direction === direction ? [item.range] : []))

describe('the times of an exchange', () => {
  test('count from its request, and a role or a ping is no token', () => {
    const ping = chunk(': ping\n\n')
    const exchange = only([
      [10, 'up', ASK],
      [13, 'up', '{}'],
      [110, 'down', STREAM],
      [130, 'down', ping],
      [150, 'down', token('')],
      [210, 'down', token('a') + token('b')],
      [310, 'down', token('c')],
      [311, 'down', END],
    ])
    expect(timingsOf(exchange)).toMatchObject({
      sent: 3,
      firstByte: 100,
      firstEvent: 140,
      firstToken: 200,
      total: 301,
      gaps: { p50: 60, max: 100 },
      bursts: [
        { at: 150, size: 1 },
        { at: 210, size: 2 },
        { at: 310, size: 1 },
      ],
      tokensPerSecond: 20,
    })
  })

  test('say how long connecting took, of the first exchange of a connection alone', () => {
    const open: RecordedRead = { kind: 'open', at: 5, connection: 1, took: 4 }
    const lines: Line[] = [
      [6, 'up', GET],
      [7, 'down', NO_CONTENT],
      [8, 'up', GET],
      [9, 'down', NO_CONTENT],
    ]
    const exchanges = exchangesFrom([open, ...entriesOf(lines)])
    expect(exchanges.map((exchange) => timingsOf(exchange).connect)).toEqual([4, undefined])
  })

  test('are not there for what did not happen', () => {
    expect(timingsOf(only([[0, 'up', GET]]))).toEqual({ sent: 0, bursts: [] })
  })
})

describe('a read', () => {
  test('belongs to the exchange of the first thing found in it', () => {
    const first = STREAM + token('a')
    const exchanges = exchangesFrom(
      entriesOf([
        [0, 'up', GET + GET],
        [1, 'down', first],
        [2, 'down', END + STREAM],
        [3, 'down', END],
      ]),
    )
    const [one, two] = [first.length, first.length + END.length + STREAM.length]
    expect(exchanges.map((exchange) => ranges(exchange, 'up'))).toEqual([[[0, 2 * GET.length]], []])
    expect(exchanges.map((exchange) => ranges(exchange, 'down'))).toEqual([
      [
        [0, one],
        [one, two],
      ],
      [[two, two + END.length]],
    ])
  })

  test('in which nothing is found belongs to the request that it begins, or to the answer that it goes on with', () => {
    const exchanges = exchangesFrom(
      entriesOf([
        [0, 'up', GET],
        [1, 'down', NO_CONTENT],
        [2, 'up', 'GET /b HT'],
        [3, 'up', 'TP/1.1\r\nHost: a\r\n\r\n'],
        [4, 'down', STREAM + token('a').slice(0, 9)],
        [5, 'down', token('a').slice(9, 12)],
      ]),
    )
    expect(exchanges.map((exchange) => ranges(exchange, 'up').length)).toEqual([1, 2])
    expect(exchanges.map((exchange) => ranges(exchange, 'down').length)).toEqual([1, 2])
  })
})

describe('an exchange ends', () => {
  const asked: Line = [0, 'up', GET]
  const begun: Line = [1, 'down', STREAM + token('a')]

  test.each<readonly [string, readonly Line[], object]>([
    ['complete, with the last chunk', [asked, begun, [2, 'down', END]], { kind: 'complete', at: 2 }],
    ['complete, without a body', [asked, [1, 'down', NO_CONTENT]], { kind: 'complete', at: 1 }],
    [
      'complete, with the connection where nothing else ends it',
      [asked, [1, 'down', 'HTTP/1.1 200 OK\r\n\r\nx'], [9, 'down', 'FIN']],
      { kind: 'complete', at: 1 },
    ],
    ['cut, inside of its body', [asked, begun, [2, 'down', 'FIN']], { kind: 'cut', code: 'CHUNKED_INCOMPLETE' }],
    ['cut, before its head', [asked, [2, 'down', 'FIN']], { kind: 'cut', at: 2 }],
    ['reset, by the server', [asked, begun, [2, 'down', 'RST']], { kind: 'reset', at: 2, by: 'down' }],
    ['reset, by the client', [asked, begun, [2, 'up', 'RST']], { kind: 'reset', at: 2, by: 'up' }],
    ['unreadable', [asked, begun, [2, 'down', 'x\r\n']], { kind: 'unreadable', at: 2, code: 'CHUNKED_BAD_SIZE' }],
    ['open', [asked, begun], { kind: 'open' }],
  ])('%s', (_, lines, end) => {
    expect(only(lines).end).toMatchObject(end)
  })

  test('with a break that is none of those that are over', () => {
    const lines: Line[] = [
      [0, 'up', GET + GET],
      [1, 'down', NO_CONTENT],
      [2, 'down', 'RST'],
    ]
    expect(exchangesFrom(entriesOf(lines)).map(({ end }) => end.kind)).toEqual(['complete', 'reset'])
  })
})

test('heads are there with stars for credentials', () => {
  const { request, response } = only([
    [0, 'up', `${ASK}{}`],
    [1, 'down', STREAM],
  ])
  expect(request).toMatchObject({ method: 'POST', target: '/v1/chat?key=******' })
  expect(request.fields.get('authorization')).toBe('*'.repeat('Bearer SECRET'.length))
  expect(request.fields.get('host')).toBe('a')
  expect(response).toMatchObject({ status: 200 })
  expect(response?.fields.get('content-type')).toBe('text/event-stream')
})

test('a recording gives the exchanges that its traffic gave', async () => {
  const lines: Line[] = [
    [0, 'up', GET],
    [1, 'down', STREAM + token('a')],
    [2, 'down', END],
  ]
  const entries = [...entriesOf(lines, 2), ...entriesOf(lines, 1)]
  const head = { startedAt: '', target: '', redacted: [] }
  const recorded = await exchangesOf({ head, entries, cut: false }, { withBytes: true })
  const plain = ({ items, end, counts, number }: Exchange) => ({ items, end, counts, number })
  expect(recorded.map(plain)).toEqual(exchangesFrom(entries).map(plain))
  expect(recorded.map(({ connection }) => connection)).toEqual([2, 1])
})

describe('of too many items', () => {
  const answer = (tokens: number): readonly Line[] => [
    [0, 'up', GET],
    [1, 'down', STREAM],
    ...Array.from({ length: tokens }, (_, n): Line => [2 + n, 'down', token(`${n}`)]),
    [2 + tokens, 'down', END],
  ]

  test('the first and the last stay, it is said how many do not, and all are counted', () => {
    const [exchange] = exchangesFrom(entriesOf(answer(1500)), { maxItems: 4000 })
    if (!exchange?.leftOut) throw new Error('nothing is left out')
    const { items, leftOut, counts } = exchange
    const texts = items.flatMap((item) =>
      item.kind === 'finding' && item.finding.kind === 'delta' ? item.finding.text : [],
    )
    expect([texts[0], texts.at(-1)]).toEqual(['0', '1499'])
    expect(counts).toMatchObject({ read: 1503, event: 1500, delta: 1500, chunk: 1500, 'last-chunk': 1 })
    expect(items.length + leftOut.items).toBe(total(counts) + 2) // the ends of the request and the answer
    expect(timingsOf(exchange)).toMatchObject({ gaps: { p50: 1, max: 1 }, tokensPerSecond: 1000, total: 1502 })
  })

  test('what is wrong in the middle stays', () => {
    const [, , ...rest] = answer(1500)
    const failure: Line = [700, 'down', chunk('data: {"error":{"message":"busy","type":"overloaded"}}\n\n')]
    const lines = [...answer(0).slice(0, 2), ...rest.slice(0, 699), failure, ...rest.slice(699)]
    const [exchange] = exchangesFrom(entriesOf(lines), { maxItems: 4000 })
    expect(exchange?.leftOut?.items).toBeGreaterThan(1000)
    const kinds = exchange?.items.map((item) => (item.kind === 'finding' ? item.finding.kind : item.kind))
    expect(kinds?.filter((kind) => kind === 'failure')).toHaveLength(1)
  })

  test('of all exchanges the oldest go', () => {
    const exchanges = exchangesFrom(Array.from({ length: 30 }, (_, n) => entriesOf(answer(20), n + 1)).flat(), {
      maxSize: 200_000,
    })
    expect(exchanges.length).toBeLessThan(20)
    expect(exchanges.at(-1)?.number).toBe(30)
    expect(exchanges[0]?.number).toBe(31 - exchanges.length)
  })

  test('no text is kept that is longer than 4,096 characters', () => {
    const exchange = only([
      [0, 'up', GET],
      [1, 'down', STREAM + chunk(`data: ${'x'.repeat(5000)}\n\n`)],
    ])
    const event = exchange.items.find((item) => item.kind === 'finding' && item.finding.kind === 'event')
    expect(event?.kind === 'finding' && event.finding.text?.length).toBe(4096)
  })

  test('a limit that is none is refused', () => {
    expect(() => createTimeline({ maxItems: 0 })).toThrow(RangeError)
    expect(() => createTimeline({ maxSize: Number.NaN })).toThrow(RangeError)
  })
})

function total(counts: Exchange['counts']): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

describe('between two taps', () => {
  const event = (data: string, id?: number) => chunk(`${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`)
  const seen = (...answer: readonly (readonly [number, string])[]) =>
    only([[0, 'up', GET], ...answer.map(([at, text]): Line => [at, 'down', text])])

  test('each event has stayed for some time, however it was cut', () => {
    const back = seen([10, STREAM], [20, event('a')], [30, event('a')], [40, event('b')])
    const whole = event('a') + event('a') + event('b')
    const front = seen([50, STREAM + whole.slice(0, 3)], [55, whole.slice(3)])
    const { head, events, missing, added } = residencesOf(front, back)
    expect(head).toBe(40)
    expect(events.map(({ milliseconds }) => milliseconds)).toEqual([35, 25, 15])
    expect([missing, added]).toEqual([[], []])
  })

  test('what only one of them saw is said', () => {
    const back = seen([10, STREAM], [20, event('a', 1)], [30, event('b', 2)])
    const front = seen([10, STREAM], [20, event('A', 1)], [30, event('c', 3)])
    const { events, missing, added } = residencesOf(front, back)
    expect(events).toHaveLength(1)
    expect([missing, added].map(([item]) => item?.finding.text)).toEqual(['b', 'c'])
  })

  test('recordings may have begun at different times', () => {
    const back = seen([1010, STREAM + event('a')])
    const front = seen([20, STREAM + event('a')])
    expect(residencesOf(front, back, 1000).events[0]?.milliseconds).toBe(10)
  })
})

test('a read is there when nothing has been found in it yet', () => {
  const timeline = createTimeline()
  const take = (item: Item) => timeline.take(item)
  const explainer = createExplainer(take)
  for (const entry of entriesOf([
    [0, 'up', GET],
    [1, 'down', 'HTTP/1.1 2'],
  ]))
    explainer.take(entry)
  expect(timeline.exchanges[0]?.counts.read).toBe(2)
})
