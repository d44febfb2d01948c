import {
  conflateAbove,
  createChannel,
  createHistory,
  createSession,
  disconnectAbove,
  type EventSink,
  encodeEvent,
  type Session,
  type SlowConsumerPolicy,
  skipAbove,
} from '@sse-from-scratch/sse-server'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { nextTurn } from './listeners.ts'
import { type MemorySink, memorySink } from './memory-sink.ts'

/** A sink that gets what a turn publishes in one piece. */
function patientSink(room?: number): MemorySink & { readonly pushes: readonly Uint8Array[] } {
  const sink = memorySink(room === undefined ? {} : { room })
  const pushes: Uint8Array[] = []
  const push: EventSink['push'] = (bytes) => {
    pushes.push(bytes)
    sink.write(bytes)?.catch(() => {})
  }
  return Object.defineProperties(sink, { push: { value: push }, pushes: { value: pushes } }) as ReturnType<
    typeof patientSink
  >
}

function patient(room?: number) {
  const sink = patientSink(room)
  return { sink, session: createSession(sink, { heartbeat: 0 }) }
}

const event = (data: string) => encodeEvent({ data })

describe('what one turn publishes', () => {
  test('is written to each session that is level as one block, the same for all, when the turn is over', async () => {
    const channel = createChannel()
    const listeners = [patient(), patient(), patient()]
    for (const { session } of listeners) channel.subscribe(session)
    for (const data of ['a', 'b', 'c']) channel.publish({ data })
    expect(listeners.map(({ sink }) => sink.pushes.length)).toEqual([0, 0, 0])
    await Promise.resolve()
    expect(listeners.map(({ sink }) => sink.text)).toEqual(Array(3).fill('data: a\n\ndata: b\n\ndata: c\n\n'))
    const blocks = listeners.map(({ sink }) => sink.pushes)
    expect(blocks.map(({ length }) => length)).toEqual([1, 1, 1])
    expect(new Set(blocks.flat()).size).toBe(1)
    expect(channel.metrics()).toMatchObject({ published: 3, sent: 9 })
  })

  test('is not copied when it is one event', async () => {
    const channel = createChannel()
    const { sink, session } = patient()
    channel.subscribe(session)
    const { bytes } = channel.publish({ data: 'a' })
    await Promise.resolve()
    expect(sink.pushes[0]).toBe(bytes)
  })

  test('does not wait for the end of the turn when it is 64 KiB', () => {
    const channel = createChannel()
    const { sink, session } = patient()
    channel.subscribe(session)
    channel.publish({ data: 'first' })
    channel.publish({ data: 'x'.repeat(64 * 1024) })
    expect(sink.text).toMatch(/^data: first\n\ndata: x+\n\n$/)
  })

  test.each<[string, (session: Session) => unknown]>([
    ['send', (session) => session.send({ data: 'mine' })],
    ['push', (session) => session.push(event('mine'))],
    ['comment', (session) => session.comment('mine')],
    ['end', (session) => session.end()],
    ['abort', (session) => session.abort()],
    ['unsent', (session) => session.unsent],
    ['signal', (session) => session.signal],
  ])('comes before whatever is asked of the session: %s', (_, ask) => {
    const channel = createChannel()
    const { sink, session } = patient()
    channel.subscribe(session)
    channel.publish({ data: 'a' })
    channel.publish({ data: 'b' })
    ask(session)
    expect(sink.text).toMatch(/^data: a\n\ndata: b\n\n/)
    expect(sink.pushes[0]).toHaveLength('data: a\n\ndata: b\n\n'.length)
  })

  test('comes before the end of the channel, and before one who unsubscribes is forgotten', async () => {
    const [ending, left] = [createChannel(), createChannel()]
    const [a, b] = [patient(), patient()]
    ending.subscribe(a.session)
    const stop = left.subscribe(b.session)
    ending.publish({ data: 'last' })
    left.publish({ data: 'last' })
    stop()
    left.publish({ data: 'not for it' })
    await ending.end({ retry: 5 })
    expect([a.sink.text, b.sink.text]).toEqual(['data: last\n\nretry: 5\n\n', 'data: last\n\n'])
  })

  test('is in order with what another channel publishes to the same session', async () => {
    const [one, other] = [createChannel(), createChannel()]
    const { sink, session } = patient()
    for (const channel of [one, other]) channel.subscribe(session)
    one.publish({ data: '1' })
    other.publish({ data: '2' })
    one.publish({ data: '3' })
    await Promise.resolve()
    expect(sink.text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n')
  })

  test('comes after what was held while the reader was behind', async () => {
    const channel = createChannel({ slowConsumer: conflateAbove(20, ({ id = '' }) => id) })
    const { sink, session } = patient(1)
    channel.subscribe(session)
    channel.publish({ data: 'more than twenty bytes' })
    await nextTurn()
    for (const id of ['a', 'b']) channel.publish({ id, data: id })
    await nextTurn()
    sink.drain()
    channel.publish({ id: 'c', data: 'c' })
    expect(session.unsent).toBeGreaterThan(0)
    expect(sink.text.match(/^id: ./gm)).toEqual(['id: a', 'id: b', 'id: c'])
  })

  test('is asked about event by event, if the policy is not one of ours', () => {
    const asked = vi.fn<SlowConsumerPolicy>(() => 'send')
    const channel = createChannel({ slowConsumer: asked })
    const { sink, session } = patient()
    channel.subscribe(session)
    for (const data of ['a', 'b']) channel.publish({ data })
    expect([asked.mock.calls.length, sink.text]).toEqual([2, 'data: a\n\ndata: b\n\n'])
  })
})

type Action =
  | { readonly kind: 'publish'; readonly channel: 0 | 1; readonly length: number }
  | { readonly kind: 'send' | 'drain' | 'unsubscribe' | 'subscribe' | 'abort' | 'end'; readonly who: number }
  | { readonly kind: 'turn' }

const who = fc.nat({ max: 2 })
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      channel: fc.constantFrom(0, 1),
      length: fc.nat({ max: 60 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('send', 'drain', 'unsubscribe', 'subscribe'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('abort', 'end'), who }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'turn' as const }) },
)

const POLICIES = {
  disconnectAbove,
  skipAbove,
  conflateAbove: (bytes: number) => conflateAbove(bytes, ({ id }) => `${Number(id) % 3}`),
}

/** What each of three readers was written, and what the channels say of it. */
async function play(actions: readonly Action[], policy: keyof typeof POLICIES, isPatient: boolean) {
  const slowConsumer = POLICIES[policy](100)
  const channels = [createChannel({ slowConsumer, history: createHistory(5) }), createChannel({ slowConsumer })]
  const sinks = [undefined, 50, 90].map((room) =>
    isPatient ? patientSink(room) : memorySink(room === undefined ? {} : { room }),
  )
  const sessions = sinks.map((sink) => createSession(sink, { heartbeat: 0, maxUnsent: 300 }))
  for (const session of sessions) for (const channel of channels) channel.subscribe(session)
  let published = 0
  for (const step of actions) {
    if (step.kind === 'turn') await nextTurn()
    else if (step.kind === 'publish') {
      const data = `${published++} ${'x'.repeat(step.length)}`
      channels[step.channel]?.publish({ id: `${published}`, data })
    } else {
      const session = sessions[step.who] as Session
      if (step.kind === 'send') void session.send({ data: 'mine' })
      else if (step.kind === 'drain') {
        await nextTurn() // no network takes anything in the middle of one
        sinks[step.who]?.drain()
      } else if (step.kind === 'abort') session.abort(new Error('enough'))
      else if (step.kind === 'end') void session.end()
      else if (step.kind === 'subscribe') channels[0]?.subscribe(session)
      else channels[0]?.subscribe(session)()
    }
  }
  await nextTurn()
  return {
    texts: sinks.map(({ text }) => text),
    aborted: sinks.map(({ aborted }) => (aborted as Error | undefined)?.message),
    metrics: channels.map((channel) => channel.metrics()),
  }
}

/** The last event of one channel finds out that what the other owes has been too much. It is sent to nobody. */
const HUNG_UP_BY_THE_OTHER: Action[] = [
  ...[35, 53, 36, 28].map((length) => ({ kind: 'publish', channel: 0, length }) as const),
  { kind: 'send', who: 1 },
  ...[57, 0].map((length) => ({ kind: 'publish', channel: 0, length }) as const),
  { kind: 'publish', channel: 1, length: 0 },
]

describe('nobody can tell that a turn is written as a block', () => {
  test.each(Object.keys(POLICIES) as (keyof typeof POLICIES)[])('under %s', async (policy) => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        expect(await play(actions, policy, true)).toEqual(await play(actions, policy, false))
      }),
      { numRuns: 40, examples: [[HUNG_UP_BY_THE_OTHER]] },
    )
  })
})
