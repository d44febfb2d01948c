import {
  type Channel,
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

type ChannelNumber = 0 | 1 | 2

type Action =
  | { readonly kind: 'publish'; readonly channel: ChannelNumber; readonly length: number }
  | { readonly kind: 'send' | 'drain' | 'abort' | 'end'; readonly who: number }
  | { readonly kind: 'subscribe'; readonly who: number; readonly channel: ChannelNumber }
  | { readonly kind: 'unsubscribe'; readonly who: number; readonly channel: ChannelNumber }
  | { readonly kind: 'size'; readonly channel: ChannelNumber }
  | { readonly kind: 'metrics'; readonly channel: ChannelNumber }
  | { readonly kind: 'turn' }

const who = fc.nat({ max: 4 })
const channel = fc.constantFrom<ChannelNumber>(0, 1, 2)
const one = <Kind extends string>(...kinds: Kind[]) => fc.constantFrom(...kinds)
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: one('publish'), channel, length: fc.nat({ max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: one('send', 'drain'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: one('subscribe', 'unsubscribe'), who, channel }) },
  { weight: 1, arbitrary: fc.record({ kind: one('abort', 'end'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: one('size', 'metrics'), channel }) },
  { weight: 3, arbitrary: fc.record({ kind: one('turn') }) },
)

/** Of the policy of each channel, of each reader and of all sessions, in bytes. */
interface Setting {
  readonly limits: readonly number[]
  readonly rooms: readonly (number | undefined)[]
  readonly maxUnsent: number
}

const setting: fc.Arbitrary<Setting> = fc.record({
  limits: fc.array(fc.constantFrom(0, 50, 100, 250, Number.POSITIVE_INFINITY), { minLength: 3, maxLength: 3 }),
  rooms: fc.array(fc.constantFrom(undefined, 0, 50, 90), { minLength: 5, maxLength: 5 }),
  maxUnsent: fc.constantFrom(80, 300, 1000),
})

const POLICIES = {
  disconnectAbove,
  skipAbove,
  conflateAbove: (bytes: number) => conflateAbove(bytes, ({ id }) => `${Number(id) % 3}`),
}

interface World {
  readonly channels: readonly Channel[]
  readonly sessions: readonly Session[]
  readonly sinks: readonly MemorySink[]
  /** How each session, of each channel, unsubscribes from it. */
  readonly stops: readonly (() => void)[][]
  /** What the channels said when they were asked. */
  readonly answers: unknown[]
  published: number
}

/** What each reader was written, what the channels said when they were asked, and what they say in the end. */
async function play(
  actions: readonly Action[],
  { limits, rooms, maxUnsent }: Setting,
  policy: keyof typeof POLICIES,
  isPatient: boolean,
) {
  const channels = limits.map((limit, n) =>
    createChannel({ slowConsumer: POLICIES[policy](limit), ...(n === 0 && { history: createHistory(5) }) }),
  )
  const sinks = rooms.map((room) => (isPatient ? patientSink(room) : memorySink(room === undefined ? {} : { room })))
  const sessions = sinks.map((sink) => createSession(sink, { heartbeat: 0, maxUnsent }))
  const stops = channels.map((channel) => sessions.map((session) => channel.subscribe(session)))
  const world: World = { channels, sessions, sinks, stops, answers: [], published: 0 }
  for (const step of actions) {
    if (step.kind === 'turn' || step.kind === 'drain') await nextTurn() // no network takes anything in the middle of one
    act(world, step)
  }
  await nextTurn()
  return {
    texts: sinks.map(({ text }) => text),
    aborted: sinks.map(({ aborted }) => (aborted as Error | undefined)?.message),
    answers: world.answers,
    metrics: channels.map((channel) => channel.metrics()),
  }
}

function act(world: World, step: Action): void {
  if ('channel' in step) actOnChannel(world, step)
  else if ('who' in step) actOnSession(world, step)
}

function actOnChannel(world: World, step: Extract<Action, { readonly channel: ChannelNumber }>): void {
  const channel = world.channels[step.channel] as Channel
  if (step.kind === 'size') world.answers.push(channel.size)
  else if (step.kind === 'metrics') world.answers.push(channel.metrics())
  else if (step.kind === 'publish') {
    const data = `${world.published++} ${'x'.repeat(step.length)}`
    channel.publish({ id: `${world.published}`, data })
  } else {
    const stops = world.stops[step.channel] as (() => void)[]
    if (step.kind === 'unsubscribe') stops[step.who]?.()
    else stops[step.who] = channel.subscribe(world.sessions[step.who] as Session)
  }
}

function actOnSession({ sessions, sinks }: World, step: Action & { readonly who: number }): void {
  const session = sessions[step.who] as Session
  if (step.kind === 'drain') sinks[step.who]?.drain()
  else if (step.kind === 'send') void session.send({ data: 'mine' })
  else if (step.kind === 'abort') session.abort(new Error('enough'))
  else void session.end()
}

const publish = (channel: ChannelNumber, ...lengths: number[]): Action[] =>
  lengths.map((length) => ({ kind: 'publish', channel, length }))

/** Readers who take nothing, and sessions that hold little. */
const TIGHT: Setting = { limits: [0, 0, 0], rooms: Array(5).fill(0), maxUnsent: 80 }

/** What one channel owes is too much, and another has to do with the session before it is written. */
const HUNG_UP_BY_THE_OTHER: [Action[], Setting][] = [
  [
    [...publish(0, 35, 53, 36, 28), { kind: 'send', who: 1 }, ...publish(0, 57, 0), ...publish(1, 0)],
    { limits: [100, 100, 100], rooms: [undefined, 50, 90, undefined, undefined], maxUnsent: 300 },
  ],
  [[...publish(0, 0, 49, 0), { kind: 'unsubscribe', who: 2, channel: 1 }], TIGHT],
  [
    [{ kind: 'unsubscribe', who: 2, channel: 1 }, ...publish(0, 0, 49, 0), { kind: 'subscribe', who: 2, channel: 1 }],
    TIGHT,
  ],
  [[...publish(0, 0, 49, 0), { kind: 'size', channel: 1 }], TIGHT],
  [[...publish(0, 0), { kind: 'drain', who: 0 }, ...publish(0, 0), { kind: 'metrics', channel: 1 }], TIGHT],
]

describe('nobody can tell that a turn is written as a block', () => {
  test.each(Object.keys(POLICIES) as (keyof typeof POLICIES)[])('under %s', async (policy) => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), setting, async (actions, setting) => {
        expect(await play(actions, setting, policy, true)).toEqual(await play(actions, setting, policy, false))
      }),
      { numRuns: 40, examples: HUNG_UP_BY_THE_OTHER },
    )
  })
})
