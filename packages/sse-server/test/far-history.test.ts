import { createChannel, createSession, encodeEvent } from '@sse-from-scratch/sse-server'
import { describe, expect, test, vi } from 'vitest'
import { type FarStore, farStore, turn } from './far-store.ts'
import { listener } from './listeners.ts'
import { memorySink } from './memory-sink.ts'

/** A process that publishes what it reads from the store, as far as it has come. */
function process(store: FarStore, options = {}) {
  const channel = createChannel({ history: store, ...options })
  let read = store.events.length // it begins with what is new, as a restarted process does
  return {
    channel,
    /** Publishes the next event of the store. */
    step() {
      const event = store.events[read++]
      channel.publish({ id: event?.id ?? '', data: event?.id ?? '' })
    },
  }
}

function add(store: FarStore, ...ids: number[]): void {
  for (const id of ids) store.events.push(encodeEvent({ id: `${id}`, data: `${id}` }))
}

describe('a history that answers later', () => {
  test('loses nothing that is published before, while and after it answers, and doubles nothing', async () => {
    const store = farStore()
    const { channel, step } = process(store)
    add(store, 1, 2, 3)
    for (let i = 0; i < 3; i++) step()
    const returning = listener({ lastEventId: '1' })
    channel.subscribe(returning.session)
    add(store, 4)
    step() // after the question
    await store.answer()
    expect(returning.heard).toEqual(['2', '3'])
    add(store, 5)
    step()
    await store.answer()
    await store.answer()
    expect(returning.heard).toEqual(['2', '3', '4', '5'])
    await store.answer() // nothing more, and 5 is the newest published: level
    expect(store.asked).toBe(0)
    add(store, 6)
    step()
    expect([returning.heard.at(-1), store.asked]).toEqual(['6', 0])
  })

  test('a client that comes from a process that was ahead does not hear again what this one publishes late', async () => {
    const store = farStore()
    const late = process(store)
    add(store, 1, 2, 3, 4)
    late.step()
    late.step()
    const { sink, session, heard } = listener({ lastEventId: '3' })
    expect(heard).toEqual([])
    late.channel.subscribe(session)
    await store.answer()
    await store.answer()
    expect(sink.text).toContain('data: 4')
    late.step() // 3, before its place: maybe new, the store has to be asked
    await turn()
    while (store.asked > 0) await store.answer()
    late.step() // 4, its place: level from here on
    add(store, 5)
    late.step()
    await turn()
    expect([...sink.text.matchAll(/data: (.)/g)].map(([, id]) => id)).toEqual(['4', '5'])
    expect(store.asked).toBe(0)
  })

  test('a process that was just started, and has published nothing, hands on the first event that is new', async () => {
    const store = farStore()
    add(store, 1, 2)
    const { channel, step } = process(store)
    const returning = listener({ lastEventId: '2' })
    channel.subscribe(returning.session)
    await store.answer()
    expect(store.asked).toBe(0) // it waits for something to be published, and does not ask again and again
    add(store, 3)
    step()
    await turn()
    await store.answer()
    expect(returning.heard).toEqual(['3'])
    await store.answer()
    add(store, 4)
    step()
    expect(returning.heard).toEqual(['3', '4'])
  })

  test('an event published while the answer was on its way does not wait for the next one', async () => {
    const store = farStore()
    add(store, 1)
    const { channel, step } = process(store)
    const returning = listener({ lastEventId: '1' })
    channel.subscribe(returning.session)
    add(store, 2)
    step() // nobody waits for it yet
    await store.answer() // nothing after 1: that was true when it was asked
    await store.answer()
    expect(returning.heard).toEqual(['2'])
  })

  test('who becomes level with an event hears what is published while that one is delivered', async () => {
    const store = farStore()
    const other = listener()
    const published: string[] = []
    const channel = createChannel({
      history: store,
      slowConsumer(session, { id = '' }) {
        if (session === other.session && id === '1' && published.push(id) === 1) {
          add(store, 2)
          channel.publish({ id: '2', data: '2' })
        }
        return 'send'
      },
    })
    channel.subscribe(other.session)
    add(store, 1)
    const returning = listener({ lastEventId: '1' })
    channel.subscribe(returning.session)
    await store.answer() // told all there is; now this process has to come as far
    channel.publish({ id: '1', data: '1' })
    expect([other.heard, returning.heard]).toEqual([['1', '2'], ['2']])
  })

  test('may answer in parts', async () => {
    const store = farStore({ page: 2 })
    const { channel, step } = process(store)
    add(store, 1, 2, 3, 4, 5, 6)
    for (let i = 0; i < 6; i++) step()
    const returning = listener({ lastEventId: '1' })
    channel.subscribe(returning.session)
    while (store.asked > 0) await store.answer()
    expect(returning.heard).toEqual(['2', '3', '4', '5', '6'])
  })

  test('says of an id it does not know that there is a gap; then comes what is new', async () => {
    const onGap = vi.fn()
    const store = farStore()
    const { channel, step } = process(store, { onGap })
    const returning = listener({ lastEventId: 'forgotten' })
    channel.subscribe(returning.session)
    await store.answer()
    expect(onGap).toHaveBeenCalledExactlyOnceWith(returning.session, 'forgotten')
    add(store, 1)
    step()
    expect(returning.heard).toEqual(['1'])
  })

  test('does not keep those waiting who have never been here', () => {
    const store = farStore()
    const { channel, step } = process(store)
    const fresh = listener()
    channel.subscribe(fresh.session)
    add(store, 1)
    step()
    expect([fresh.heard, store.asked]).toEqual([['1'], 0])
  })

  test('that rejects, throws or answers too late ends the session with SSE_HISTORY_FAILED', async () => {
    const store = farStore()
    const failed = listener({ lastEventId: '1' })
    process(store).channel.subscribe(failed.session)
    const cause = new Error('ECONNREFUSED')
    await store.fail(cause)
    expect(failed.session.signal.reason).toMatchObject({ name: 'SessionError', code: 'SSE_HISTORY_FAILED', cause })

    const thrown = listener({ lastEventId: '1' })
    const after = () => {
      throw cause
    }
    createChannel({ history: { append() {}, after } }).subscribe(thrown.session)
    await thrown.session.closed
    expect(thrown.session.signal.reason).toMatchObject({ code: 'SSE_HISTORY_FAILED', cause })

    vi.useFakeTimers()
    for (const [options, milliseconds] of [
      [{}, 10_000],
      [{ historyTimeout: 50 }, 50],
    ] as const) {
      const late = createSession(memorySink(), { heartbeat: 0, lastEventId: '1' })
      createChannel({ history: farStore(), ...options }).subscribe(late)
      await vi.advanceTimersByTimeAsync(milliseconds - 1)
      expect(late.signal.aborted).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      expect(late.signal.reason).toMatchObject({ code: 'SSE_HISTORY_FAILED' })
    }
    vi.useRealTimers()
  })

  test('is told when the client has left, and what it says then goes nowhere', async () => {
    const store = farStore()
    const asked = vi.spyOn(store, 'after')
    const { channel, step } = process(store)
    add(store, 1, 2)
    step()
    const leaving = listener({ lastEventId: '1' })
    channel.subscribe(leaving.session)
    const [, signal] = asked.mock.calls[0] ?? []
    expect(signal?.aborted).toBe(false)
    leaving.sink.leave()
    expect(signal?.aborted).toBe(true)
    await store.answer()
    step()
    expect([leaving.heard, channel.size, store.asked]).toEqual([[], 0, 0])
  })

  test.each([-1, 2 ** 31, Number.NaN])('a historyTimeout of %d is refused', (historyTimeout) => {
    expect(() => createChannel({ historyTimeout })).toThrow(RangeError)
  })
})
