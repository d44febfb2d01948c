import { createChannel, createHistory, type EncodedEvent, type Session } from '@sse-from-scratch/sse-server'
import { describe, expect, test } from 'vitest'
import { listener } from './listeners.ts'

// Types are gone when a program runs: what JavaScript lets through is named before a byte is written.
describe('what is no event or no session is a TypeError that says so', () => {
  test.each(['hi', undefined, null, 7])('session.send(%j)', async (event) => {
    const { session, sink } = listener()
    await expect(session.send(event as unknown as EncodedEvent)).rejects.toThrow(/^an event is an object, not/)
    expect([sink.text, session.signal.aborted]).toEqual(['', false])
  })

  test.each(['hi', undefined, { data: 'not encoded' }])('session.push(%j)', (event) => {
    const { session, sink } = listener()
    expect(() => session.push(event as unknown as EncodedEvent)).toThrow(TypeError)
    expect([sink.text, session.signal.aborted]).toEqual(['', false])
  })

  test.each([{}, undefined, null, 'session'])('channel.subscribe(%j)', (session) => {
    const channel = createChannel()
    expect(() => channel.subscribe(session as unknown as Session)).toThrow(new TypeError('not a session'))
    expect(channel.size).toBe(0)
  })
})

test('what is published after the end is heard by nobody, and counts', async () => {
  const history = createHistory(10)
  const channel = createChannel({ history })
  const early = listener()
  channel.subscribe(early.session)
  const { id = '' } = channel.publish({ data: 'before' })
  await channel.end()
  const after = channel.publish({ data: 'after' })
  const late = listener()
  channel.subscribe(late.session)
  await late.session.closed
  expect([early.heard, late.heard, history.after(id)]).toEqual([['before'], [], [after]])
  expect(channel.metrics()).toMatchObject({ published: 2, sent: 1, sessions: 0 })
})
