import { createSession, encodeEvent, type Session, SessionError } from '@sse-from-scratch/sse-server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memorySink } from './memory-sink.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount(), 'timers left behind').toBe(0)
  vi.useRealTimers()
})

const quiet = { heartbeat: 0 }

/** One that takes less memory to watch, as those of a server of ours. */
function watchedSink(): ReturnType<typeof memorySink> {
  return Object.assign(memorySink(), { watch() {}, unwatch() {} })
}

const code = (value: string) => expect.objectContaining({ name: 'SessionError', code: value })

describe('sending', () => {
  test('send, push and comment write what encodeEvent and encodeComment make', async () => {
    const sink = memorySink()
    const session = createSession(sink, quiet)
    await session.send({ data: 'a' })
    await session.send(encodeEvent({ data: 'b' }))
    session.push(encodeEvent({ data: 'c' }))
    await session.comment('d')
    await session.comment()
    expect(sink.text).toBe('data: a\n\ndata: b\n\ndata: c\n\n: d\n\n:\n\n')
  })

  test('retry comes before everything else', async () => {
    const sink = memorySink()
    await createSession(sink, { ...quiet, retry: 1500 }).send({ data: 'a' })
    expect(sink.text).toBe('retry: 1500\n\ndata: a\n\n')
  })

  test('send waits for a reader that is behind, push does not', async () => {
    const sink = memorySink({ room: 10 })
    const session = createSession(sink, quiet)
    let sent = false
    const sending = session.send({ data: 'more than ten bytes' }).then(() => {
      sent = true
    })
    session.push(encodeEvent({ data: 'x' }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toBe(false)
    expect(session.unsent).toBe(sink.unsent)
    sink.drain()
    await sending
    expect(session.unsent).toBe(0)
  })

  test('an event that cannot be sent rejects, writes nothing, and leaves the session as it was', async () => {
    const sink = memorySink()
    const session = createSession(sink, quiet)
    await expect(session.send({ id: 'a\nb', data: 'x' })).rejects.toThrow(TypeError)
    await expect(session.send({ retry: -1 })).rejects.toThrow(RangeError)
    await expect(session.comment(1 as unknown as string)).rejects.toThrow(TypeError)
    expect(sink.text).toBe('')
    expect(session.signal.aborted).toBe(false)
  })

  test('the options are checked before anything is written', () => {
    for (const options of [
      { heartbeat: -1 },
      { heartbeat: Number.NaN },
      { heartbeat: 2 ** 31 },
      { sendTimeout: -1 },
      { maxUnsent: -1 },
      { maxUnsent: Number.NaN },
      { retry: -1 },
    ]) {
      const sink = memorySink()
      expect(() => createSession(sink, { retry: 1, ...options })).toThrow(RangeError)
      expect(sink.text).toBe('')
    }
  })

  test('an empty last event ID is none (HTML §9.2.4 sends no header for it)', () => {
    expect(createSession(memorySink(), { ...quiet, lastEventId: '' }).lastEventId).toBeUndefined()
    expect(createSession(memorySink(), { ...quiet, lastEventId: '7' }).lastEventId).toBe('7')
  })
})

describe('the end', () => {
  test('end lets everything sent so far leave before closed resolves', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    let closed = false
    void session.closed.then(() => {
      closed = true
    })
    session.push(encodeEvent({ data: 'last words' }))
    const ending = session.end()
    expect(session.signal.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect([sink.ended, closed, sink.aborted]).toEqual([true, false, undefined])
    sink.drain()
    await ending
    expect(closed).toBe(true)
    expect(sink.aborted).toBeUndefined()
  })

  test('a send that waits when the session ends is still a success once its bytes have left', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    const sending = session.send({ data: 'x' })
    const ending = session.end()
    sink.drain()
    await Promise.all([sending, ending])
  })

  test('after the end send rejects with SSE_SESSION_ENDED, push does nothing, and nothing is written', async () => {
    const sink = memorySink()
    const session = createSession(sink, quiet)
    await session.end()
    await expect(session.send({ data: 'x' })).rejects.toEqual(code('SSE_SESSION_ENDED'))
    await expect(session.comment('x')).rejects.toBe(session.signal.reason)
    session.push(encodeEvent({ data: 'x' }))
    expect(sink.text).toBe('')
    expect(session.signal.reason).toBeInstanceOf(SessionError)
  })

  test('end twice is end once, and dispose is end', async () => {
    const sink = memorySink()
    const session = createSession(sink, quiet)
    const end = vi.spyOn(sink, 'end')
    await Promise.all([session.end(), session.end(), session[Symbol.asyncDispose]()])
    await session.end()
    expect(end).toHaveBeenCalledTimes(1)
  })

  test('abort gives the sink and everybody who waits the reason as it is', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    const reason = new Error('mine')
    const sending = session.send({ data: 'x' })
    session.abort(reason)
    await expect(sending).rejects.toBe(reason)
    await session.closed
    expect([sink.aborted, session.signal.reason]).toEqual([reason, reason])
  })

  test('abort cuts an end that is still waiting', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    session.push(encodeEvent({ data: 'x' }))
    const ending = session.end()
    session.abort()
    await ending
    expect(sink.aborted).toEqual(code('SSE_SESSION_ENDED'))
  })

  test('abort after the end leaves the connection alone: it may be serving another request', async () => {
    const sink = memorySink()
    const session = createSession(sink, quiet)
    await session.end()
    session.abort(new Error('too late'))
    expect(sink.aborted).toBeUndefined()
  })
})

describe('a client that leaves', () => {
  test('ends the session: the signal says why, closed resolves, a waiting send rejects', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    const sending = session.send({ data: 'x' })
    const cause = new Error('ECONNRESET')
    sink.leave(cause)
    await expect(sending).rejects.toBe(session.signal.reason)
    await session.closed
    expect(session.signal.reason).toEqual(code('SSE_CLIENT_GONE'))
    expect(session.signal.reason.cause).toBe(cause)
    expect(sink.aborted).toBeUndefined()
  })

  test('before the session began: it is over from the start', async () => {
    const sink = memorySink()
    sink.leave()
    const session = createSession(sink, { retry: 1 })
    expect(session.signal.reason).toEqual(code('SSE_CLIENT_GONE'))
    await session.closed
    await session.end()
    expect([sink.text, sink.ended]).toEqual(['', false])
  })

  test('while the session is ending: the end is over, and is no error', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    session.push(encodeEvent({ data: 'x' }))
    const ending = session.end()
    sink.leave()
    await ending
    expect(session.signal.reason).toEqual(code('SSE_SESSION_ENDED'))
  })

  test('a sink that fails to write, either way, ends the session and never throws out of push', async () => {
    const failure = new Error('no')
    const failing = [
      () => {
        throw failure
      },
      () => Promise.reject(failure),
    ]
    for (const write of failing) {
      const sink = { ...memorySink(), write, signal: new AbortController().signal }
      const session = createSession(sink, quiet)
      session.push(encodeEvent({ data: 'x' }))
      await session.closed
      expect(session.signal.reason.cause).toBe(failure)
    }
  })

  test('a send nobody awaits does not become an unhandled rejection', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    void session.send({ data: 'waits' })
    void session.comment('waits')
    sink.leave()
    void session.send({ data: 'too late' })
    vi.useRealTimers()
    await new Promise((resolve) => setImmediate(resolve)) // Node reports them after the microtasks
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    vi.useFakeTimers()
  })
})

describe('a reader that has stopped', () => {
  test.each<[string, (session: Session) => Promise<void>]>([
    ['send', (session) => session.send({ data: 'x' }).catch(() => {})],
    [
      'end',
      (session) => {
        session.push(encodeEvent({ data: 'x' }))
        return session.end()
      },
    ],
  ])('%s waits for sendTimeout, 60 s unless said otherwise, and then hangs up', async (_, act) => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, quiet)
    const acting = act(session)
    await vi.advanceTimersByTimeAsync(59_999)
    expect(sink.aborted).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    await acting
    expect(sink.aborted).toEqual(code('SSE_READER_STALLED'))
  })

  test('a sendTimeout of 0 waits for ever', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, { ...quiet, sendTimeout: 0 })
    const sending = session.send({ data: 'x' })
    await vi.advanceTimersByTimeAsync(2 ** 31 - 1)
    sink.drain()
    await sending
  })
})

describe('maxUnsent', () => {
  const kilobyte = encodeEvent({ data: 'x'.repeat(1024) })

  test.each<[string, (session: Session) => void]>([
    ['push', (session) => session.push(kilobyte)],
    ['a send that nobody awaits', (session) => void session.send(kilobyte)],
    ['a comment that nobody awaits', (session) => void session.comment('x'.repeat(1024))],
  ])('is the most that waits for a reader: %s past it hangs up', (_, write) => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, { ...quiet, maxUnsent: 10_000 })
    while (session.unsent <= 10_000) write(session)
    expect(session.signal.aborted).toBe(false) // the event that goes past it is still taken
    const { unsent } = session
    write(session)
    expect(session.signal.reason).toEqual(code('SSE_READER_TOO_SLOW'))
    expect(sink.unsent).toBe(unsent)
  })

  test('is 16 MiB unless said otherwise, and Infinity for no limit', () => {
    const megabyte = encodeEvent({ data: 'x'.repeat(1024 * 1024) })
    const [usual, unlimited] = [{}, { maxUnsent: Number.POSITIVE_INFINITY }].map((options) =>
      createSession(memorySink({ room: 1 }), { ...quiet, ...options }),
    )
    for (let i = 0; i < 17; i++) for (const session of [usual, unlimited]) session?.push(megabyte)
    expect(usual?.signal.reason).toEqual(code('SSE_READER_TOO_SLOW'))
    expect(unlimited?.signal.aborted).toBe(false)
  })

  test('a reader that keeps up is never too slow, whatever it is sent', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, { ...quiet, maxUnsent: 0 })
    for (let i = 0; i < 100; i++) {
      session.push(kilobyte)
      sink.drain()
    }
    expect(session.signal.aborted).toBe(false)
  })
})

describe('the heartbeat', () => {
  test('is a comment every 15 s, unless said otherwise', async () => {
    const [sink, often, never] = [memorySink(), memorySink(), memorySink()]
    const sessions = [createSession(sink), createSession(often, { heartbeat: 1000 }), createSession(never, quiet)]
    await vi.advanceTimersByTimeAsync(14_999)
    expect(sink.text).toBe('')
    await vi.advanceTimersByTimeAsync(1)
    expect([sink.text, often.text, never.text]).toEqual([':\n\n', ':\n\n'.repeat(15), ''])
    for (const session of sessions) session.abort()
  })

  test('comes to those who came at different times at different times, and to none a tenth too early', async () => {
    const opened: { at: number; sink: ReturnType<typeof memorySink>; session: Session; heard: number[] }[] = []
    for (let now = 0; now < 3000; now += 10) {
      if ([0, 40, 160, 450, 990].includes(now)) {
        const sink = watchedSink()
        opened.push({ at: now, sink, session: createSession(sink, { heartbeat: 1000 }), heard: [] })
      }
      for (const { at, sink, heard } of opened)
        if (sink.text.length / 3 > heard.length) heard.push(now - at - (heard.at(-1) ?? 0))
      await vi.advanceTimersByTimeAsync(10)
    }
    for (const { heard } of opened) {
      expect(heard[0]).toBeGreaterThan(900)
      expect(heard[0]).toBeLessThanOrEqual(1000)
    }
    expect(new Set(opened.map(({ at, heard }) => at + (heard[0] ?? 0)))).toHaveLength(4)
    for (const { session } of opened) session.abort()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('shares a timer only where the sink has a watch: on Workers a timer ends with the request that it was set in', () => {
    const timersOf = (make: () => ReturnType<typeof memorySink>) => {
      const sessions = [createSession(make()), createSession(make()), createSession(make())]
      const timers = vi.getTimerCount()
      for (const session of sessions) session.abort()
      return [timers, vi.getTimerCount()]
    }
    expect(timersOf(memorySink)).toEqual([3, 0])
    expect(timersOf(watchedSink)).toEqual([1, 0])
  })

  test.each([1, 7, 10, 997])('comes every %d ms, where that cannot be cut into whole parts too', async (heartbeat) => {
    const sink = watchedSink()
    const session = createSession(sink, { heartbeat })
    await vi.advanceTimersByTimeAsync(10 * heartbeat)
    expect(sink.text).toBe(':\n\n'.repeat(10))
    session.abort()
  })

  test('stops with the session, whoever ends it', async () => {
    const endings = [
      (session: Session) => session.end(),
      (session: Session) => session.abort(),
      (_: unknown, sink: ReturnType<typeof memorySink>) => sink.leave(),
    ]
    for (const end of endings) {
      const sink = memorySink()
      await end(createSession(sink), sink)
      expect(vi.getTimerCount()).toBe(0)
    }
  })

  test('adds nothing to what a stopped reader has waiting', async () => {
    const sink = memorySink({ room: 1 })
    const session = createSession(sink, { heartbeat: 1000, sendTimeout: 0 })
    session.push(encodeEvent({ data: 'x' }))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sink.text).toBe('data: x\n\n')
    sink.drain()
    await vi.advanceTimersByTimeAsync(1000)
    expect(sink.text).toBe('data: x\n\n:\n\n')
    session.abort()
  })
})

test('a session leaves no listener on a signal that outlives it, and thousands of writes add none', async () => {
  const sink = memorySink({ room: 1 })
  const session = createSession(sink, quiet)
  const writes = Array.from({ length: 5000 }, () => session.send({ data: 'x' }))
  expect(sink.listeners).toBe(1)
  sink.drain()
  await Promise.all(writes)
  const ending = session.end()
  sink.drain()
  await ending
  expect(sink.listeners).toBe(0)
})
