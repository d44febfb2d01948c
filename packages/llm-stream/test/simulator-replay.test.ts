import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { openai, streamChat } from '../src/index.ts'
import {
  encodeRecordedRead,
  encodeRecordingHead,
  parseRecording,
  type RecordedRead,
  type Recording,
} from '../src/recording.ts'
import { startSimulator } from '../src/simulator/index.ts'
import { exchangesIn } from '../src/simulator/recorded-exchange.ts'
import { createReplay } from '../src/simulator/replay.ts'
import { askRaw, rawRequest } from './raw-answer.ts'
import { OPENAI, startFast } from './simulator-client.ts'

const utf8 = new TextEncoder()
const head = { startedAt: '2026-11-20T00:00:00.000Z', target: 'http://x', redacted: [] }
const REQUEST = rawRequest('/a', { model: 'm' })
const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

type Piece =
  | [kind: 'up' | 'down', bytes: string | Uint8Array, at?: number]
  | [kind: 'fin' | 'reset', direction: 'up' | 'down', at?: number]
  | [kind: 'stall']

function recorded(...pieces: readonly Piece[]): Recording {
  return { head, cut: false, entries: pieces.map((piece, i) => entry(piece, i)) }
}

function entry([kind, what, at]: Piece, i: number): RecordedRead {
  const where = { at: at ?? i, connection: 1 }
  if (kind === 'stall') return { kind, ...where, milliseconds: 1 }
  if (kind === 'fin' || kind === 'reset') return { kind, ...where, direction: what as 'up' | 'down' }
  return {
    kind: 'bytes',
    ...where,
    direction: kind,
    bytes: typeof what === 'string' ? utf8.encode(what) : (what as Uint8Array),
  }
}

const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

describe('a recording is replayed', () => {
  test('with the same bytes in the same pieces, cut characters and broken framing and all', async () => {
    const pieces = [HEAD, '5\r\nda', Uint8Array.of(0xf0), Uint8Array.of(0x9f, 0x8c), 'zz\r\n', '\r']
    const replay = recorded(['up', REQUEST], ...pieces.map((piece): Piece => ['down', piece]), ['fin', 'down'])
    const [ours, theirs] = memoryPair()
    const serving = createReplay(replay, 0)(ours)
    await theirs.write(utf8.encode(REQUEST))
    const reads: Uint8Array[] = []
    for (let bytes = await theirs.read(); bytes !== null; bytes = await theirs.read()) reads.push(bytes)
    expect(Buffer.concat(reads)).toEqual(Buffer.concat(pieces.map((piece) => Buffer.from(piece))))
    await theirs.end()
    await serving
  })

  test('each piece as long after the request as it was, or so many times faster', async () => {
    const answer: readonly Piece[] = [
      ['down', HEAD, 1100],
      ['down', '0\r\n\r\n', 1140],
      ['fin', 'down', 1150],
    ]
    for (const speed of [1, 4]) {
      let time = 5
      const waits: number[] = []
      const sleep = async (ms: number) => {
        waits.push(ms)
        time += ms
      }
      const [ours, theirs] = memoryPair()
      const serving = createReplay(recorded(['up', REQUEST, 1000], ...answer), speed, { now: () => time, sleep })(ours)
      await theirs.write(utf8.encode(REQUEST))
      while ((await theirs.read()) !== null) {}
      await theirs.end()
      await serving
      expect(waits).toEqual([100 / speed, 40 / speed, 10 / speed])
    }
  })

  test('what a client has recorded gives it the same answer again', async () => {
    const entries: RecordedRead[] = []
    const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const
    await using simulator = await startFast()
    const first = await streamChat(openai({ baseUrl: simulator.url }), chat, { record: (each) => entries.push(each) })
      .outcome
    await using again = await startSimulator({ replay: { head, entries, cut: false }, speed: 0 })
    const second = await streamChat(openai({ baseUrl: again.url }), chat).outcome
    expect(second).toMatchObject({ complete: true, text: first.text, usage: first.usage })
    expect(first.text).toMatch(/simulator/)
    const cut = entries.filter(({ kind }) => kind === 'bytes').slice(0, 3)
    await using short = await startSimulator({ replay: { head, entries: cut, cut: true }, speed: 0 })
    const third = await streamChat(openai({ baseUrl: short.url }), chat, { retry: { attempts: 1 } }).outcome
    expect(third).toMatchObject({ complete: false, error: { code: 'LLM_TRUNCATED' } })
  })

  test('over real sockets, from the file that the encoder wrote', async () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true }
    const request = rawRequest(OPENAI, body, { Connection: 'close' })
    await using simulator = await startFast()
    const original = await askRaw(simulator.port, request)
    const entries = recorded(['up', request], ...original.reads.map((read): Piece => ['down', read]), [
      'fin',
      'down',
    ]).entries
    const file = encodeRecordingHead(head) + entries.map(encodeRecordedRead).join('')
    await using again = await startSimulator({ replay: parseRecording(file), speed: 0 })
    for (let i = 0; i < 3; i++) {
      expect(await askRaw(again.port, request)).toMatchObject({ text: original.text, end: 'fin' })
    }
  })

  test('requests get the answer to the same request, in turn, and any other gets the next of all', async () => {
    const answer = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${text}`
    const replay = recorded(
      ['up', rawRequest('/a', {})],
      ['down', answer('1')],
      ['up', rawRequest('/b', {})],
      ['down', answer('2')],
      ['up', rawRequest('/a', {})],
      ['down', answer('3')],
    )
    await using simulator = await startSimulator({ replay, speed: 0 })
    const ask = async (path: string) => (await fetch(simulator.url + path, { method: 'POST' })).text()
    const answers: string[] = []
    for (const path of ['/b', '/a', '/a', '/a', '/other', '/else']) answers.push(await ask(path))
    expect(answers).toEqual(['2', '1', '3', '1', '1', '2'])
  })
})

describe('how an answer ends:', () => {
  const ends = (...pieces: readonly Piece[]) =>
    exchangesIn(recorded(['up', REQUEST], ...pieces)).map(({ end }) => end.kind)
  test.each([
    [
      'FIN',
      [
        ['down', HEAD],
        ['fin', 'down'],
      ],
      'fin',
    ],
    [
      'reset',
      [
        ['down', HEAD],
        ['reset', 'down'],
      ],
      'rst',
    ],
    ['a whole answer on a connection that went on', [['down', `${HEAD}0\r\n\r\n`]], 'open'],
    [
      'an answer that the client left',
      [
        ['down', HEAD],
        ['fin', 'up'],
      ],
      'rst',
    ],
    ['an answer that stops because the file does', [['down', HEAD]], 'rst'],
    ['silence', [['down', HEAD], ['stall']], 'stall'],
    ['no answer at all but FIN', [['fin', 'down']], 'fin'],
  ] as [string, Piece[], string][])('%s', (_, pieces, end) => {
    expect(ends(...pieces)).toEqual([end])
  })

  test('a reset is one for the client', async () => {
    const [ours, theirs] = memoryPair()
    const serving = createReplay(recorded(['up', REQUEST], ['down', HEAD], ['reset', 'down']), 0)(ours)
    await theirs.write(utf8.encode(REQUEST))
    expect(asText((await theirs.read()) ?? new Uint8Array())).toBe(HEAD)
    await expect(theirs.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
    await serving.catch(() => {})
  })

  test('silence lasts until the client leaves', async () => {
    const [ours, theirs] = memoryPair()
    const serving = createReplay(recorded(['up', REQUEST], ['down', HEAD], ['stall']), 0)(ours)
    await theirs.write(utf8.encode(REQUEST))
    expect(asText((await theirs.read()) ?? new Uint8Array())).toBe(HEAD)
    await theirs.end()
    await expect(serving).resolves.toBeUndefined()
  })
})

describe('what a recording is made of:', () => {
  test('a body that waited for 100 Continue belongs to its head', () => {
    const [requestHead = '', body = ''] = REQUEST.split('\r\n\r\n')
    const replay = recorded(
      ['up', `${requestHead}\r\n\r\n`],
      ['down', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['up', body],
      ['down', `${HEAD}0\r\n\r\n`],
    )
    const [exchange, ...more] = exchangesIn(replay)
    expect([exchange?.asked, exchange?.replies.length, exchange?.end.kind, more]).toEqual(['POST /a', 2, 'open', []])
  })

  test('connections are apart, and in the order in which they were asked', () => {
    const late = recorded(['up', rawRequest('/late', {}), 5], ['down', HEAD, 9]).entries
    const early = recorded(['up', rawRequest('/early', {}), 2], ['down', HEAD, 8]).entries
    const exchanges = exchangesIn({
      head,
      cut: false,
      entries: [...late, ...early.map((each) => ({ ...each, connection: 2 }))],
    })
    expect(exchanges.map(({ asked, replies }) => [asked, replies[0]?.after])).toEqual([
      ['POST /early', 6],
      ['POST /late', 4],
    ])
  })

  test('bytes that are missing, and a file without an answer, cannot be replayed', async () => {
    const gap: RecordedRead = { kind: 'gap', at: 2, connection: 1, direction: 'down', size: 10 }
    const missing = {
      ...recorded(['up', REQUEST], ['down', HEAD]),
      entries: [...recorded(['up', REQUEST], ['down', HEAD]).entries, gap],
    }
    await expect(startSimulator({ replay: missing })).rejects.toThrow(/10 bytes are missing/)
    await expect(startSimulator({ replay: recorded(['up', REQUEST]) })).rejects.toBeInstanceOf(TypeError)
    await expect(startSimulator({ replay: recorded() })).rejects.toBeInstanceOf(TypeError)
  })
})
