import {
  createChannel,
  createHistory,
  disconnectAbove,
  type EncodedEvent,
  encodeEvent,
  type Session,
  type SlowConsumerPolicy,
  skipAbove,
} from '@sse-from-scratch/sse-server'
import { describe, expect, test, vi } from 'vitest'
import { channelWithHistory, listener, nextTurn } from './listeners.ts'
import { dispatch } from './reference-reader.ts'

describe('publishing', () => {
  test('every session is given the same bytes object, encoded once', () => {
    const channel = createChannel()
    const written = Array.from({ length: 3 }, () => {
      const { sink, session } = listener()
      const write = vi.spyOn(sink, 'write')
      channel.subscribe(session)
      return write
    })
    const { bytes } = channel.publish({ data: 'x' })
    for (const write of written) expect(write.mock.calls[0]?.[0]).toBe(bytes)
  })

  test('what is wrong with an event is thrown before anybody hears of it', () => {
    const channel = channelWithHistory()
    const { session, sink } = listener()
    channel.subscribe(session)
    expect(() => channel.publish({ event: 'a\nb', data: 'x' })).toThrow(TypeError)
    expect(sink.text).toBe('')
    expect(channel.publish({ data: 'x' }).id).toBe('2')
  })

  test('with a history every event gets an id, its own or the next; without one none is invented', () => {
    expect(channelWithHistory().publish({ data: 'x' }).id).toBe('1')
    expect(channelWithHistory().publish({ data: 'x', id: 'mine' }).id).toBe('mine')
    expect(createChannel().publish({ data: 'x' }).id).toBeUndefined()
  })

  test('the ids we make up are never the same twice', () => {
    const channel = createChannel({ history: createHistory(10) })
    const ids = Array.from({ length: 100 }, () => channel.publish({ data: 'x' }).id)
    expect(new Set(ids).size).toBe(100)
  })
})

describe('subscribing', () => {
  test('ends with the returned function and with the session, and needs no signal to hear of it', async () => {
    const channel = createChannel()
    const [a, b] = [listener(), listener()]
    const add = vi.spyOn(b.session.signal, 'addEventListener')
    const stop = channel.subscribe(a.session)
    channel.subscribe(b.session)
    expect(channel.size).toBe(2)
    stop()
    expect(channel.size).toBe(1)
    await b.session.end()
    expect(channel.size).toBe(0)
    expect(add).not.toHaveBeenCalled()
    channel.publish({ data: 'x' })
    expect(a.heard).toEqual([])
  })

  test('twice is once: no event is doubled', () => {
    const channel = channelWithHistory()
    channel.publish({ data: 'a' })
    channel.publish({ data: 'b' })
    const returning = listener({ lastEventId: '1' })
    expect(channel.subscribe(returning.session)).toBe(channel.subscribe(returning.session))
    channel.publish({ data: 'c' })
    expect(returning.heard).toEqual(['b', 'c'])
    expect(channel.size).toBe(1)
  })

  test('again after unsubscribing does not replay again', () => {
    const channel = channelWithHistory()
    channel.publish({ data: 'a' })
    channel.publish({ data: 'b' })
    const returning = listener({ lastEventId: '1' })
    channel.subscribe(returning.session)()
    channel.subscribe(returning.session)
    channel.publish({ data: 'c' })
    expect(returning.heard).toEqual(['b', 'c'])
  })

  test('of a session that is over changes nothing', () => {
    const channel = createChannel()
    const { session } = listener()
    session.abort()
    channel.subscribe(session)
    expect(channel.size).toBe(0)
  })

  test('end ends every session after what was published, and waits for all of them', async () => {
    const channel = createChannel()
    const [slow, fast] = [listener({ room: 1 }), listener()]
    for (const { session } of [slow, fast]) channel.subscribe(session)
    channel.publish({ data: 'last' })
    let ended = false
    const ending = channel.end().then(() => {
      ended = true
    })
    await fast.session.closed
    await new Promise((resolve) => setImmediate(resolve))
    expect([ended, slow.sink.ended, fast.sink.ended]).toEqual([false, true, true])
    slow.sink.drain()
    await ending
    expect([slow.heard, fast.heard, channel.size]).toEqual([['last'], ['last'], 0])
  })
})

describe('replay', () => {
  test('a returning client hears what it missed and then what is new, a new client only what is new', () => {
    const channel = channelWithHistory()
    for (const data of ['a', 'b', 'c']) channel.publish({ data })
    const returning = listener({ lastEventId: '1' })
    const fresh = listener()
    channel.subscribe(returning.session)
    channel.subscribe(fresh.session)
    channel.publish({ data: 'd' })
    expect(returning.heard).toEqual(['b', 'c', 'd'])
    expect(fresh.heard).toEqual(['d'])
  })

  test('one id past the history is a gap, told before anything new is sent', () => {
    const onGap = vi.fn((session: Session) => session.push(encodeEvent({ data: 'snapshot' })))
    const channel = channelWithHistory(2, { onGap })
    for (const data of ['a', 'b', 'c']) channel.publish({ data })
    const [within, past] = [listener({ lastEventId: '2' }), listener({ lastEventId: '1' })]
    channel.subscribe(within.session)
    expect(onGap).not.toHaveBeenCalled()
    channel.subscribe(past.session)
    expect(onGap).toHaveBeenCalledExactlyOnceWith(past.session, '1')
    channel.publish({ data: 'd' })
    expect(past.heard).toEqual(['snapshot', 'd'])
  })

  test('a session that onGap sends away is not asked about again', () => {
    const slowConsumer = vi.fn<SlowConsumerPolicy>(() => 'send')
    const channel = channelWithHistory(1, { onGap: (session) => session.abort(), slowConsumer })
    channel.subscribe(listener({ lastEventId: 'never ours' }).session)
    channel.publish({ data: 'x' })
    expect(slowConsumer).not.toHaveBeenCalled()
  })

  test('an error in onGap ends that session and says so', async () => {
    const mistake = new Error('in onGap')
    const channel = channelWithHistory(1, {
      onGap() {
        throw mistake
      },
    })
    const { session } = listener({ lastEventId: 'never ours' })
    channel.subscribe(session)
    await session.closed
    expect(session.signal.reason).toBe(mistake)
    expect(channel.size).toBe(0)
  })

  test('a long one goes at the pace of its reader, while the policy minds only what is new', async () => {
    const channel = channelWithHistory(1000, { slowConsumer: disconnectAbove(100_000) })
    const data = 'x'.repeat(1000)
    for (let i = 0; i <= 500; i++) channel.publish({ data: `${i} ${data}` })
    const returning = listener({ lastEventId: '1', room: 16 * 1024 })
    channel.subscribe(returning.session)
    let most = 0
    for (let i = 501; returning.heard.length < 600; i++) {
      if (i <= 600) channel.publish({ data: `${i} ${data}` }) // while it is still catching up
      most = Math.max(most, returning.session.unsent)
      returning.sink.drain()
      await new Promise((resolve) => setImmediate(resolve))
    }
    channel.publish({ data: '601' })
    expect(returning.heard.map((one) => Number.parseInt(one, 10))).toEqual(Array.from({ length: 601 }, (_, i) => i + 1))
    expect(most).toBeLessThan(70_000)
  })

  test('a reader so slow that the history forgets ahead of it is told of the gap, and still hears what is new', async () => {
    const gaps: string[] = []
    const channel = channelWithHistory(100, { onGap: (_, id) => gaps.push(id), slowConsumer: () => 'send' })
    const data = 'x'.repeat(2000)
    for (let i = 0; i < 100; i++) channel.publish({ data })
    const { session, sink } = listener({ lastEventId: '1', room: 1 })
    channel.subscribe(session)
    for (let i = 0; i < 500; i++) channel.publish({ data })
    while (gaps.length === 0) {
      sink.drain()
      await new Promise((resolve) => setImmediate(resolve))
    }
    channel.publish({ data: 'new' })
    expect(dispatch(sink.text).at(-1)).toEqual({ type: 'message', data: 'new', lastEventId: '601' })
    expect(gaps).toEqual(['65']) // it had one answer of the history in hand, 64 events, and no more
    expect(dispatch(sink.text).map(({ lastEventId }) => Number(lastEventId))).toEqual([
      ...Array.from({ length: 64 }, (_, i) => i + 2),
      601,
    ])
  })

  test('of a thousand events comes in parts and in one breath, and what is new right behind it', () => {
    const memory = createHistory(1000)
    const sizes: (number | undefined)[] = []
    const after = (id: string) => {
      const answer = memory.after(id)
      sizes.push(answer?.length)
      return answer
    }
    const channel = channelWithHistory(1000, { history: { ...memory, after } })
    for (let i = 0; i < 1000; i++) channel.publish({ data: 'x' })
    const back = listener({ lastEventId: '1' })
    channel.subscribe(back.session)
    channel.publish({ data: 'new' })
    expect(dispatch(back.sink.text).map(({ lastEventId }) => Number(lastEventId))).toEqual(
      Array.from({ length: 1000 }, (_, i) => i + 2),
    )
    expect(sizes).toEqual([...Array.from({ length: 15 }, () => 64), 39, 0])
  })

  test('for a client that never reads, the history is asked once, and one part is in hand', async () => {
    const memory = createHistory(1000)
    const answers: (readonly EncodedEvent[] | undefined)[] = []
    const after = (id: string) => {
      answers.push(memory.after(id))
      return answers.at(-1)
    }
    const channel = channelWithHistory(1000, { history: { ...memory, after } })
    for (let i = 0; i < 1000; i++) channel.publish({ data: 'x'.repeat(4096) })
    channel.subscribe(listener({ lastEventId: '1', room: 1 }).session)
    await nextTurn()
    expect(answers.map((answer) => answer?.length)).toEqual([64])
  })

  test('it stops when the session unsubscribes, and when the client leaves', async () => {
    for (const stop of ['unsubscribe', 'leave']) {
      const channel = channelWithHistory(1000)
      for (let i = 0; i < 200; i++) channel.publish({ data: 'x'.repeat(1000) })
      const { session, sink } = listener({ lastEventId: '1', room: 1 })
      const unsubscribe = channel.subscribe(session)
      if (stop === 'leave') sink.leave()
      else unsubscribe()
      const before = sink.text
      sink.drain()
      await new Promise((resolve) => setImmediate(resolve))
      channel.publish({ data: 'new' })
      expect(sink.text, stop).toBe(before)
      expect(channel.size, stop).toBe(0)
    }
  })
})

describe('slow readers', () => {
  test('are hung up on above 1 MiB by default, with SSE_READER_TOO_SLOW, and nobody else notices', async () => {
    const channel = createChannel()
    const [slow, fast] = [listener({ room: 1 }), listener()]
    for (const { session } of [slow, fast]) channel.subscribe(session)
    const data = 'x'.repeat(64 * 1024)
    for (let i = 0; i < 20; i++) {
      channel.publish({ data })
      await nextTurn()
    }
    expect(slow.session.signal.reason).toMatchObject({ name: 'SessionError', code: 'SSE_READER_TOO_SLOW' })
    expect(slow.session.unsent).toBeLessThan(1024 * 1024 + 2 * data.length)
    expect(fast.heard).toHaveLength(20)
    expect(channel.size).toBe(1)
  })

  test('skipAbove leaves out events for that reader only, until it has caught up', async () => {
    const channel = createChannel({ slowConsumer: skipAbove(10) })
    const [slow, fast] = [listener({ room: 1 }), listener()]
    for (const { session } of [slow, fast]) channel.subscribe(session)
    channel.publish({ data: 'long enough' })
    await nextTurn()
    for (const data of ['b', 'c']) channel.publish({ data })
    slow.sink.drain()
    channel.publish({ data: 'd' })
    expect(slow.heard).toEqual(['long enough', 'd'])
    expect(fast.heard).toEqual(['long enough', 'b', 'c', 'd'])
  })

  test('at the limit is not above it', () => {
    const at = { behind: 10, unsent: 11 } as Session
    const above = { behind: 11, unsent: 11 } as Session
    const event = encodeEvent({})
    expect([disconnectAbove(10)(at, event), disconnectAbove(10)(above, event)]).toEqual(['send', 'disconnect'])
    expect([skipAbove(10)(at, event), skipAbove(10)(above, event)]).toEqual(['send', 'skip'])
  })

  test.each([-1, Number.NaN])('a limit of %d bytes is refused', (bytes) => {
    expect(() => disconnectAbove(bytes)).toThrow(RangeError)
    expect(() => skipAbove(bytes)).toThrow(RangeError)
  })
})

describe('listeners that act while an event is being delivered', () => {
  test('an event published inside a publish does not overtake it', async () => {
    const channel = createChannel({ slowConsumer: disconnectAbove(10) })
    const [before, leaving, after] = [listener(), listener({ room: 1 }), listener()]
    for (const { session } of [before, leaving, after]) channel.subscribe(session)
    leaving.session.signal.addEventListener('abort', () => channel.publish({ data: 'somebody left' }))
    channel.publish({ data: 'a long first' })
    await nextTurn()
    channel.publish({ data: 'second' })
    expect(before.heard).toEqual(['a long first', 'second', 'somebody left'])
    expect(after.heard).toEqual(before.heard)
  })

  test('who subscribes inside a publish hears the event once if it asks for it, and not at all if it does not', () => {
    const [returning, fresh] = [listener({ lastEventId: '1' }), listener()]
    let joined = false
    const channel = channelWithHistory(10, {
      slowConsumer() {
        if (!joined) {
          joined = true
          for (const { session } of [returning, fresh]) channel.subscribe(session)
        }
        return 'send'
      },
    })
    channel.publish({ data: 'a' })
    channel.subscribe(listener().session)
    channel.publish({ data: 'b' })
    channel.publish({ data: 'c' })
    expect(returning.heard).toEqual(['b', 'c'])
    expect(fresh.heard).toEqual(['c'])
  })

  test('a policy that throws ends that session and says why, and the others hear the event', () => {
    const mistake = new Error('in the policy')
    const [unlucky, other] = [listener(), listener()]
    const channel = createChannel({
      slowConsumer(session) {
        if (session === unlucky.session) throw mistake
        return 'send'
      },
    })
    for (const { session } of [unlucky, other]) channel.subscribe(session)
    for (const data of ['a', 'b']) channel.publish({ data })
    expect(unlucky.session.signal.reason).toBe(mistake)
    expect(other.heard).toEqual(['a', 'b'])
  })
})
