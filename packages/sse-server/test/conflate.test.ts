import { conflateAbove, createChannel, createSession, encodeEvent, type Session } from '@sse-from-scratch/sse-server'
import { expect, test, vi } from 'vitest'
import { channelWithHistory, listener, nextTurn } from './listeners.ts'
import { memorySink } from './memory-sink.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Until the reader has taken all there is. */
async function readAll({ sink, session }: ReturnType<typeof listener>): Promise<void> {
  do {
    sink.drain()
    await turn()
  } while (session.unsent > 0)
}

test('a reader that is behind gets the latest of each key when it reads again, in the order of their ids', async () => {
  const onDrop = vi.fn()
  const channel = channelWithHistory(100, { slowConsumer: conflateAbove(10), onDrop })
  const [slow, fast] = [listener({ room: 1 }), listener()]
  for (const { session } of [slow, fast]) channel.subscribe(session)
  channel.publish({ topic: 'a', data: 'a1' })
  await nextTurn()
  for (const data of ['a2', 'b1', 'a3', 'c1', 'b2']) channel.publish({ topic: data.charAt(0), data })
  await readAll(slow)
  channel.publish({ topic: 'a', data: 'a4' })
  expect(fast.heard).toEqual(['a1', 'a2', 'b1', 'a3', 'c1', 'b2', 'a4'])
  expect(slow.heard).toEqual(['a1', 'a2', 'a3', 'c1', 'b2', 'a4'])
  expect(onDrop.mock.calls.map(([session, { id }]) => [session, id])).toEqual([[slow.session, '3']])
  expect(channel.metrics()).toMatchObject({ sent: 13, dropped: 1, disconnected: 0 })
})

test('what is held goes before what is published as soon as there is room', async () => {
  const channel = createChannel({ slowConsumer: conflateAbove(10) })
  const slow = listener({ room: 1 })
  channel.subscribe(slow.session)
  channel.publish({ data: 'first, and long' })
  await nextTurn()
  for (const data of ['second', 'third']) channel.publish({ data })
  slow.sink.drain()
  channel.publish({ event: 'other', data: 'fourth' }) // before anybody has noticed that there is room
  await readAll(slow)
  expect(slow.heard).toEqual(['first, and long', 'second', 'third', 'fourth'])
})

test('the last state always arrives, also when nothing is published any more', async () => {
  const channel = createChannel({ slowConsumer: conflateAbove(10, () => 'the only one') })
  const slow = listener({ room: 1 })
  channel.subscribe(slow.session)
  channel.publish({ data: '0, and long' })
  await nextTurn()
  for (let i = 1; i <= 1000; i++) channel.publish({ data: `${i}` })
  await readAll(slow)
  expect(slow.heard.at(-1)).toBe('1000')
  expect(slow.heard.length).toBeLessThan(5)
})

test('the end of the channel sends what is held first', async () => {
  const channel = createChannel({ slowConsumer: conflateAbove(10) })
  const slow = listener({ room: 1 })
  channel.subscribe(slow.session)
  channel.publish({ data: 'first, and long' })
  await nextTurn()
  for (const data of ['second', 'third', 'last']) channel.publish({ data })
  const ending = channel.end({ retry: 5 })
  await readAll(slow)
  await ending
  expect(slow.sink.text).toMatch(/data: last\n\nretry: 5\n\n$/)
})

test('what is held is not sent to somebody who has unsubscribed', async () => {
  const channel = createChannel({ slowConsumer: conflateAbove(10) })
  const slow = listener({ room: 1 })
  const unsubscribe = channel.subscribe(slow.session)
  channel.publish({ data: 'first, and long' })
  await nextTurn()
  for (const data of ['second', 'third']) channel.publish({ data })
  unsubscribe()
  await readAll(slow)
  expect(slow.heard).toEqual(['first, and long', 'second'])
})

test('keys without number are a reader too slow, at 1 MiB', async () => {
  const channel = createChannel({ slowConsumer: conflateAbove(10, ({ id = '' }) => id) })
  const slow = listener({ room: 1 })
  channel.subscribe(slow.session)
  const data = 'x'.repeat(64 * 1024)
  channel.publish({ id: '0', data })
  await nextTurn()
  for (let i = 1; i < 16; i++) channel.publish({ id: `${i}`, data })
  expect(slow.session.signal.aborted).toBe(false)
  for (let i = 16; i < 20; i++) channel.publish({ id: `${i}`, data })
  expect(slow.session.signal.reason).toMatchObject({ code: 'SSE_READER_TOO_SLOW' })
  expect(channel.metrics()).toMatchObject({ sessions: 0, disconnected: 1 })
})

test('a reader that never reads again is hung up on in time', async () => {
  const session = createSession(memorySink({ room: 1 }), { heartbeat: 0, sendTimeout: 1000 })
  const channel = createChannel({ slowConsumer: conflateAbove(10) })
  channel.subscribe(session)
  channel.publish({ data: 'first, and long' })
  await nextTurn()
  vi.useFakeTimers()
  for (const data of ['second', 'third']) channel.publish({ data })
  await vi.advanceTimersByTimeAsync(1000)
  vi.useRealTimers()
  expect(session.signal.reason).toMatchObject({ code: 'SSE_READER_STALLED' })
  expect(channel.size).toBe(0)
})

test('the key is the topic, else the type, unless said otherwise; and at the limit is not above it', () => {
  const behind = { behind: 11, unsent: 11 } as Session
  const event = { ...encodeEvent({ event: 'price', data: 'x' }), topic: 'ACME' }
  const policy = conflateAbove(10)
  expect(policy(behind, event)).toEqual({ hold: 'ACME' })
  expect(policy(behind, encodeEvent({ event: 'price' }))).toEqual({ hold: 'price' })
  expect(policy(behind, encodeEvent({ data: 'x' }))).toEqual({ hold: 'message' })
  expect(policy({ behind: 10, unsent: 11 } as Session, event)).toBe('send')
  expect(() => conflateAbove(-1)).toThrow(RangeError)
})
