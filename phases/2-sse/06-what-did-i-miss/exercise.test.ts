import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, mistake, within } from '@sse-from-scratch/course'
import { EventSource } from '@sse-from-scratch/sse-client'
import { openSession } from '@sse-from-scratch/sse-server/node'
import { test } from 'vitest'
import { createReplay } from '#ex/06-what-did-i-miss'
import type { Replay } from './contract.ts'

type Missed = readonly string[] | 'gap'

const replaysTheLast = mistake<Missed>(
  'replay-off-by-one',
  'You send the event with this id once more. Last-Event-ID names the last event that HAS been heard: begin behind it (HTML §9.2.4).',
  (got) => got.length === 2 && got[0] === 'three',
)
const noIds = mistake<readonly string[]>(
  'no-ids',
  'The events come without ids. A client that is cut again in the middle of them would ask from where it was before, and hear them twice.',
  (got) => got.includes('no id'),
)
const restartsAtOne = mistake<Missed>(
  'restarts-at-one',
  'The server was started again, and its ids begin again: an id of the old process now names another event. Put something into the id that only this process has.',
  (got) => got !== 'gap',
)
const hidesTheGap = mistake<Missed>(
  'hides-the-gap',
  'The event with this id is forgotten, and so are some behind it. You send the rest as if that were all: the client never learns that something is missing. Say "gap".',
  (got) => got.length === 3,
)
const neverForgets = mistake<Missed>(
  'never-forgets',
  'You keep more events than `limit`. A server that runs for months keeps months of events.',
  (got) => got.length > 3,
)
const unknownIsNothing = mistake<Missed>(
  'unknown-is-nothing',
  'You never gave out this id, and say that nothing was missed. You cannot know that: say "gap", and the client can fetch everything anew.',
  (got) => got.length === 0,
)
const idsByPlace = mistake<Missed>(
  'ids-by-place',
  'The id is the place in your list. When the oldest event is forgotten all places move, and an id that a client has kept names another event.',
  (got) => got !== 'gap' && got.join() !== 'five',
)
const comparesText = mistake<Missed>(
  'compares-text',
  'You compare ids as text to find what is newer: "10" is before "9" then. Find the event with the same id instead, and take what stands behind it.',
  (got) => got.length < 2,
)

test('what comes behind an id, oldest first', () => {
  const { replay, ids } = replayOf(10, 'one', 'two', 'three', 'four')
  expect(since(replay, ids[2])).toMean(['four'], { mistakes: [replaysTheLast] })
  expect(since(replay, ids[0])).toMean(['two', 'three', 'four'])
})

test('nothing is missed behind the newest', () => {
  const { replay, ids } = replayOf(10, 'one', 'two')
  expect(since(replay, ids[1])).toMean([])
})

test('each event is whole, and has the id that add returned', () => {
  const replay = createReplay(10)
  const first = replay.add({ data: 'one' })
  const second = replay.add({ event: 'news', data: 'two\nlines' })
  const missed = replay.since(first)
  if (missed === 'gap') throw new Error('got "gap" for an id that is kept')
  const named = missed.map(({ id }) => (id === second ? 'its own id' : id ? 'another id' : 'no id'))
  expect(named).toMean(['its own id'], { mistakes: [noIds] })
  expect(missed.map(({ event, data }) => ({ event, data }))).toMean([{ event: 'news', data: 'two\nlines' }])
})

test('only as many events as the limit are kept, and a gap is reported', () => {
  const { replay, ids } = replayOf(3, 'one', 'two', 'three', 'four', 'five')
  expect(since(replay, ids[3])).toMean(['five'], { mistakes: [idsByPlace] })
  expect(since(replay, ids[0])).toMean('gap', { mistakes: [hidesTheGap, neverForgets] })
})

test('an id that was never given out is a gap', () => {
  const { replay } = replayOf(3, 'one', 'two')
  for (const id of ['', '-1', '99', 'nobody', 'ids\u00e9'])
    expect(since(replay, id)).toMean('gap', { mistakes: [unknownIsNothing] })
})

test('an id of the server before this one is a gap', () => {
  const before = replayOf(10, 'one', 'two', 'three')
  const { replay } = replayOf(10, 'eins', 'zwei', 'drei', 'vier')
  expect(since(replay, before.ids[1])).toMean('gap', { mistakes: [restartsAtOne] })
})

test('more than nine events: the order is the one in which they were added', () => {
  const words = Array.from({ length: 12 }, (_, at) => `event ${at + 1}`)
  const { replay, ids } = replayOf(20, ...words)
  expect(since(replay, ids[8])).toMean(words.slice(9), { mistakes: [comparesText] })
})

test('an id has only letters, digits and -, so that it comes back as it was sent', () => {
  const { ids } = replayOf(3, 'one', 'two')
  expect(ids.filter((id) => !/^[\w-]{1,100}$/.test(id))).toMean([])
})

test('cut at any event: each one is heard exactly once', () => {
  const words = Array.from({ length: 100 }, (_, at) => `event ${at + 1}`)
  const { replay, ids } = replayOf(100, ...words)
  for (const [at, id] of ids.entries()) {
    const heard = words.slice(0, at + 1)
    expect([...heard, ...since(replay, id)]).toMean(words)
  }
})

test('a real client that is cut after every event hears each one exactly once', async () => {
  const words = ['one', 'two', 'three', 'four', 'five']
  const replay = createReplay(10)
  const start = replay.add({ data: 'start' })
  for (const word of words) replay.add({ data: word })
  const server = createServer((request, response) => {
    response.setHeader('Connection', 'close')
    const session = openSession(request, response, { retry: 1, heartbeat: 0 })
    const missed = replay.since(session.lastEventId ?? start)
    if (missed !== 'gap' && missed[0] !== undefined) session.send(missed[0])
    session.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const heard: string[] = []
  const source = new EventSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  try {
    const all = new Promise<void>((resolve) => {
      source.onmessage = ({ data }) => heard.push(data) === words.length && resolve()
    })
    await within(3000, all, 'five events, each on a connection of its own')
  } finally {
    source.close()
    server.closeAllConnections()
    const closed = once(server, 'close')
    server.close()
    await closed
  }
  expect(heard).toMean(words)
})

/** A replay, and the ids of the events that were added to it. */
function replayOf(limit: number, ...texts: string[]): { replay: Replay; ids: string[] } {
  const replay = createReplay(limit)
  return { replay, ids: texts.map((data) => replay.add({ data })) }
}

/** The data of what was missed. */
function since(replay: Replay, id = 'no id'): Missed {
  const missed = replay.since(id)
  return missed === 'gap' ? missed : missed.map(({ data }) => data)
}
