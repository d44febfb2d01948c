import { createChannel, createHistory, encodeEvent } from '@sse-from-scratch/sse-server'
import { describe, expect, test, vi } from 'vitest'
import { channelWithHistory, listener } from './listeners.ts'

describe('topics and filters', () => {
  test('a session hears its topics and what has none, live', () => {
    const channel = createChannel()
    const [all, sport, filtered] = [listener(), listener(), listener()]
    channel.subscribe(all.session)
    channel.subscribe(sport.session, { topics: ['sport', 'weather'] })
    channel.subscribe(filtered.session, { topics: ['sport'], filter: ({ event }) => event !== 'goal' })
    channel.publish({ data: 'for all' })
    channel.publish({ topic: 'sport', data: 'a match' })
    channel.publish({ topic: 'sport', event: 'goal', data: '1:0' })
    channel.publish({ topic: 'politics', data: 'a vote' })
    expect(all.heard).toEqual(['for all', 'a match', '1:0', 'a vote'])
    expect(sport.heard).toEqual(['for all', 'a match', '1:0'])
    expect(filtered.heard).toEqual(['for all', 'a match'])
  })

  test('and replayed: what it would not have heard it is not told later either', () => {
    const channel = channelWithHistory()
    for (const topic of ['a', 'b', 'a', 'b']) channel.publish({ topic, data: topic })
    const returning = listener({ lastEventId: '1' })
    channel.subscribe(returning.session, { topics: ['b'] })
    channel.publish({ topic: 'a', data: 'not this' })
    channel.publish({ topic: 'b', data: 'new b' })
    expect(returning.heard).toEqual(['b', 'b', 'new b'])
  })

  test('the topic is not sent', () => {
    const { session, sink } = listener()
    const channel = createChannel()
    channel.subscribe(session)
    channel.publish({ topic: 'secret', data: 'x' })
    expect(sink.text).toBe('data: x\n\n')
  })

  test('a filter that throws ends that session and says why, live and in a replay', async () => {
    const mistake = new Error('in the filter')
    const filter = () => {
      throw mistake
    }
    for (const lastEventId of [undefined, '1']) {
      const channel = channelWithHistory()
      for (const data of ['a', 'b']) channel.publish({ data })
      const [unlucky, other] = [listener(lastEventId === undefined ? {} : { lastEventId }), listener()]
      channel.subscribe(unlucky.session, { filter })
      channel.subscribe(other.session)
      channel.publish({ data: 'c' })
      await unlucky.session.closed
      expect(unlucky.session.signal.reason).toBe(mistake)
      expect(other.heard).toEqual(['c'])
    }
  })

  test('who wants little keeps a place that the history still knows', () => {
    const onGap = vi.fn()
    const channel = channelWithHistory(150, { onGap })
    const rare = listener()
    channel.subscribe(rare.session, { topics: ['rare'] })
    channel.publish({ topic: 'rare', data: 'first' })
    for (let i = 0; i < 1000; i++) channel.publish({ topic: 'often', data: `${i}` })
    expect(rare.heard).toEqual(['first'])
    const back = listener({ lastEventId: rare.place })
    channel.subscribe(back.session, { topics: ['rare'] })
    expect(onGap).not.toHaveBeenCalled()
    channel.publish({ topic: 'rare', data: 'second' })
    expect(back.heard).toEqual(['second'])
  })

  test('its place never runs ahead of events that still wait for it', () => {
    const channel = channelWithHistory(1000)
    const slow = listener({ room: 1 })
    channel.subscribe(slow.session, { topics: ['mine'] })
    channel.publish({ topic: 'mine', data: 'waits' })
    for (let i = 0; i < 300; i++) channel.publish({ topic: 'other', data: 'x' })
    expect(slow.place).toBe('1')
    slow.sink.drain()
    channel.publish({ topic: 'other', data: 'x' })
    expect(slow.place).toBe('302')
  })

  test('a replay of nothing it wants still moves its place', () => {
    const channel = channelWithHistory()
    for (let i = 0; i < 10; i++) channel.publish({ topic: 'other', data: 'x' })
    const returning = listener({ lastEventId: '2' })
    channel.subscribe(returning.session, { topics: ['mine'] })
    expect(returning.sink.text).toBe('id: 10\n\n')
  })

  test('without a history no place is sent: nobody could come back to it', () => {
    const channel = createChannel()
    const { session, sink } = listener()
    channel.subscribe(session, { topics: ['mine'] })
    for (let i = 0; i < 500; i++) channel.publish({ topic: 'other', id: `${i}`, data: 'x' })
    expect(sink.text).toBe('')
  })
})

describe('the end of a channel', () => {
  test('says retry last, to those who are there and to those who still come', async () => {
    const channel = channelWithHistory()
    const [early, late] = [listener(), listener({ lastEventId: '1' })]
    channel.subscribe(early.session)
    channel.publish({ data: 'a' })
    channel.publish({ data: 'b' })
    expect(channel.closed).toBe(false)
    await channel.end({ retry: 2000 })
    expect(channel.closed).toBe(true)
    expect(early.sink.text).toBe('id: 1\ndata: a\n\nid: 2\ndata: b\n\nretry: 2000\n\n')
    channel.subscribe(late.session)
    await late.session.closed
    expect([late.sink.text, late.sink.ended, late.sink.aborted]).toEqual(['retry: 2000\n\n', true, undefined])
  })

  test('spreads the return of its clients over a time', async () => {
    const channel = createChannel()
    const all = Array.from({ length: 200 }, () => listener())
    for (const { session } of all) channel.subscribe(session)
    await channel.end({ retry: 1000, spread: 99 })
    const told = all.map(({ sink }) => Number(/^retry: (\d+)\n\n$/.exec(sink.text)?.[1]))
    expect(Math.min(...told)).toBeGreaterThanOrEqual(1000)
    expect(Math.max(...told)).toBeLessThanOrEqual(1099)
    expect(new Set(told).size).toBeGreaterThan(10)
  })

  test('what is published afterwards goes into the history, for the next process', async () => {
    const history = createHistory(10)
    const [old, next] = [createChannel({ history }), createChannel({ history })]
    const { id = '' } = old.publish({ data: 'a' })
    await old.end()
    old.publish({ data: 'meanwhile' })
    const returning = listener({ lastEventId: id })
    next.subscribe(returning.session)
    next.publish({ data: 'new' })
    expect(returning.heard).toEqual(['meanwhile', 'new'])
  })

  test('that comes while an event is delivered is after that event, for everybody', async () => {
    const all = [listener(), listener(), listener()]
    let ended: Promise<void> | undefined
    const channel = createChannel({
      slowConsumer() {
        ended ??= channel.end({ retry: 1 })
        return 'send'
      },
    })
    for (const { session } of all) channel.subscribe(session)
    channel.publish({ data: 'last' })
    await ended
    expect(all.map(({ sink }) => sink.text)).toEqual(Array(3).fill('data: last\n\nretry: 1\n\n'))
  })

  test('a signal cuts off who has not read to the end, and end rejects with its reason', async () => {
    const channel = createChannel()
    const [fast, stuck] = [listener(), listener({ room: 1 })]
    for (const { session } of [fast, stuck]) channel.subscribe(session)
    channel.publish({ data: 'x' })
    const patience = new AbortController()
    const ending = channel.end({ signal: patience.signal })
    await fast.session.closed
    const reason = new Error('five seconds are enough')
    patience.abort(reason)
    await expect(ending).rejects.toBe(reason)
    expect([fast.sink.aborted, stuck.sink.aborted]).toEqual([undefined, reason])
    await expect(createChannel().end({ signal: patience.signal })).rejects.toBe(reason)
  })

  test.each([{ retry: -1 }, { retry: 1.5 }, { retry: 1, spread: -1 }, { retry: 1, spread: Number.NaN }])(
    '%j is refused before anybody is sent away',
    (options) => {
      const channel = createChannel()
      const { session, sink } = listener()
      channel.subscribe(session)
      expect(() => channel.end(options)).toThrow(RangeError)
      expect([sink.text, channel.closed, channel.size]).toEqual(['', false, 1])
    },
  )
})

describe('what a channel tells about itself', () => {
  test('its metrics are what happened, in numbers', async () => {
    const channel = channelWithHistory(3, {
      slowConsumer: ({ unsent }) => (unsent > 100 ? 'disconnect' : unsent > 20 ? 'skip' : 'send'),
      onGap: () => {},
    })
    const nothing = { sessions: 0, queuedBytes: 0, published: 0, sent: 0, replayed: 0, dropped: 0, gaps: 0 }
    expect(channel.metrics()).toEqual({ ...nothing, disconnected: 0 })
    for (let i = 0; i < 4; i++) channel.publish({ data: 'x' })
    const [fresh, returning, lost, slow] = [
      listener(),
      listener({ lastEventId: '2' }),
      listener({ lastEventId: '0' }),
      listener({ room: 1 }),
    ]
    for (const { session } of [fresh, returning, lost, slow]) channel.subscribe(session)
    channel.publish({ data: 'x' }) // four hear it
    channel.publish({ data: 'more than twenty bytes' }) // four
    channel.publish({ data: 'x' }) // three, and one is behind
    expect(channel.metrics()).toEqual({
      sessions: 4,
      queuedBytes: slow.session.unsent,
      published: 7,
      sent: 11,
      replayed: 2,
      dropped: 1,
      gaps: 1,
      disconnected: 0,
    })
    slow.session.push(encodeEvent({ data: 'x'.repeat(100) }))
    channel.publish({ data: 'x' })
    fresh.session.abort()
    await Promise.resolve()
    expect(channel.metrics()).toMatchObject({ sessions: 2, queuedBytes: 0, sent: 14, dropped: 1, disconnected: 1 })
  })

  test('its hooks are called as it happens', async () => {
    const log: unknown[] = []
    const names = new Map<unknown, string>()
    const channel = channelWithHistory(3, {
      slowConsumer: ({ unsent }) => (unsent > 0 ? 'skip' : 'send'),
      onSubscribe: (session) => log.push(`${names.get(session)} subscribes`),
      onGap: (session, id) => log.push(`${names.get(session)} has a gap after ${id}`),
      onReplay: (session, events) => log.push(`${names.get(session)} was sent ${events}`),
      onDrop: (session, { id }) => log.push(`${names.get(session)} is not sent ${id}`),
      onUnsubscribe: (session) => log.push(`${names.get(session)} leaves, ${session.signal.reason?.code}`),
    })
    for (const data of ['a', 'b', 'c']) channel.publish({ data })
    const who = {
      back: listener({ lastEventId: '1' }),
      lost: listener({ lastEventId: '0' }),
      slow: listener({ room: 1 }),
    }
    for (const [name, { session }] of Object.entries(who)) {
      names.set(session, name)
      channel.subscribe(session)
      await Promise.resolve()
    }
    for (const data of ['d', 'e']) channel.publish({ data })
    const ending = channel.end()
    who.slow.sink.drain()
    await ending
    expect(log).toEqual([
      'back subscribes',
      'back was sent 2',
      'lost subscribes',
      'lost has a gap after 0',
      'lost was sent 0',
      'slow subscribes',
      'slow is not sent 5',
      'back leaves, SSE_SESSION_ENDED',
      'lost leaves, SSE_SESSION_ENDED',
      'slow leaves, SSE_SESSION_ENDED',
    ])
  })

  test.each(['onSubscribe', 'onReplay', 'onDrop'] as const)(
    'an error in %s ends that session and says why',
    async (hook) => {
      const mistake = new Error(`in ${hook}`)
      const channel = channelWithHistory(10, {
        slowConsumer: () => 'skip',
        [hook]() {
          throw mistake
        },
      })
      channel.publish({ data: 'a' })
      const { session } = listener({ lastEventId: '1' })
      channel.subscribe(session)
      channel.publish({ data: 'b' })
      await session.closed
      expect(session.signal.reason).toBe(mistake)
      expect(channel.size).toBe(0)
    },
  )
})
