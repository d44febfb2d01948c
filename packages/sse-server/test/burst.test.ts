import { createChannel, disconnectAbove, type Session, skipAbove } from '@sse-from-scratch/sse-server'
import { describe, expect, test } from 'vitest'
import { listener, nextTurn } from './listeners.ts'
import { ADAPTERS } from './servers.ts'

const MEBIBYTE = 1024 * 1024
const data = 'x'.repeat(64 * 1024)

describe.each(ADAPTERS)('$name', ({ listen }) => {
  test('readers that keep up hear all of a burst of 3 MiB in one turn, under the default limit of 1 MiB', async () => {
    const channel = createChannel()
    let tell = () => {}
    const everybody = new Promise<void>((resolve) => {
      tell = resolve
    })
    await using server = await listen(() => async (session: Session) => {
      channel.subscribe(session)
      if (channel.size === 3) tell()
    })
    const bodies = [1, 2, 3].map(async () => (await fetch(server.url)).text())
    await everybody
    for (let i = 0; i < 3072; i++) channel.publish({ data: `${i} ${'x'.repeat(1000)}` })
    await nextTurn()
    void channel.end()
    for (const body of await Promise.all(bodies)) {
      expect(body.match(/^data: \d+/gm)).toEqual(Array.from({ length: 3072 }, (_, i) => `data: ${i}`))
    }
    expect(channel.metrics()).toMatchObject({ sent: 3 * 3072, disconnected: 0 })
  })
})

test('a reader that had stopped before the burst is hung up on at its first event', async () => {
  const channel = createChannel()
  const slow = listener({ room: 1 })
  channel.subscribe(slow.session)
  for (let i = 0; i < 20; i++) channel.publish({ data }) // 1.25 MiB, and nobody can tell yet
  expect(slow.session.behind).toBe(0)
  await nextTurn()
  expect(slow.session.behind).toBe(slow.session.unsent)
  channel.publish({ data })
  expect(slow.session.signal.reason).toMatchObject({ code: 'SSE_READER_TOO_SLOW' })
  expect(slow.heard).toHaveLength(20)
})

test('what a reader has taken it is not late with, and what was written since does not count', async () => {
  const channel = createChannel({ slowConsumer: disconnectAbove(10) })
  const reader = listener({ room: 1 })
  channel.subscribe(reader.session)
  channel.publish({ data: 'more than ten' })
  await nextTurn()
  expect(reader.session.behind).toBeGreaterThan(10)
  reader.sink.drain()
  expect(reader.session.behind).toBe(0)
  for (const more of ['more than ten', 'more than ten', 'more than ten']) channel.publish({ data: more })
  expect([reader.session.behind, reader.session.signal.aborted]).toEqual([0, false])
})

test('one turn never puts more than 8 MiB above the limit into memory, whoever reads', () => {
  const [skipping, cutting] = [listener({ room: 1 }), listener({ room: 1 })]
  const channels = [createChannel({ slowConsumer: skipAbove(MEBIBYTE) }), createChannel()]
  for (const [at, { session }] of [skipping, cutting].entries()) channels[at]?.subscribe(session)
  for (let i = 0; i < 200; i++) for (const channel of channels) channel.publish({ data })
  for (const { session } of [skipping, cutting]) {
    expect(session.unsent).toBeGreaterThan(9 * MEBIBYTE)
    expect(session.unsent).toBeLessThan(9 * MEBIBYTE + 2 * data.length)
  }
  expect(skipping.session.signal.aborted).toBe(false)
  expect(cutting.session.signal.reason).toMatchObject({ code: 'SSE_READER_TOO_SLOW' })
})
