import { getEventListeners } from 'node:events'
import type { IncomingRequest, OutgoingBody } from '@sse-from-scratch/http-raw'
import { createSession, type Session } from '@sse-from-scratch/sse-server'
import { describe, expect, test } from 'vitest'
import { BodySink } from '../src/body-sink.ts'
import type { SinkWatcher } from '../src/event-sink.ts'

type Connection = IncomingRequest['connection']

/** A connection that can only be cut, how many listen to it, and whether its signal has been asked for. */
interface Line {
  readonly connection: Connection
  cut(): void
  listening(): number
  readonly signals: number
}

/** With a way to be watched, as sockets have it. */
function watchable(): Line {
  const over = new AbortController()
  const watchers = new Set<SinkWatcher>()
  const line = {
    connection: {
      get signal() {
        line.signals++
        return over.signal
      },
      watch: (watcher: SinkWatcher) => void watchers.add(watcher),
      unwatch: (watcher: SinkWatcher) => void watchers.delete(watcher),
    } as Connection,
    cut() {
      over.abort(new Error('cut'))
      for (const watcher of [...watchers]) watcher.onOver(over.signal.reason)
    },
    listening: () => watchers.size,
    signals: 0,
  }
  return line
}

/** With nothing but a signal. */
function bare(): Line {
  const over = new AbortController()
  return {
    connection: { signal: over.signal } as Connection,
    cut: () => over.abort(new Error('cut')),
    listening: () => getEventListeners(over.signal, 'abort').length,
    signals: 1,
  }
}

const BODY: Partial<OutgoingBody> = {
  write: async () => {},
  writeShared: async () => {},
  end: async () => {},
  abort() {},
  unsent: 0,
}

const sessionOn = ({ connection }: Line): Session =>
  createSession(new BodySink(BODY as OutgoingBody, connection), { heartbeat: 0 })

describe.each([
  ['that can be watched', watchable],
  ['that has only a signal', bare],
])('a session on a connection %s', (_, open) => {
  test('is over when that is, and says by what', () => {
    const line = open()
    const session = sessionOn(line)
    expect(session.signal.aborted).toBe(false)
    line.cut()
    expect(session.signal.reason).toMatchObject({ code: 'SSE_CLIENT_GONE', cause: { message: 'cut' } })
  })

  test('is over from the first if that is', () => {
    const line = open()
    line.cut()
    const session = sessionOn(line)
    line.cut()
    expect(session.signal.reason).toMatchObject({ code: 'SSE_CLIENT_GONE' })
  })

  test('lets go of it when it is over: a kept connection outlives many sessions', async () => {
    const line = open()
    const sessions = [sessionOn(line), sessionOn(line), sessionOn(line)]
    expect(line.listening()).toBe(3)
    await sessions[0]?.end()
    sessions[1]?.abort()
    expect(line.listening()).toBe(1)
    line.cut()
    expect(line.listening()).toBe(0)
  })
})

test('a session never asks for the signal of a connection that can be watched', async () => {
  const line = watchable()
  const session = sessionOn(line)
  session.push({ bytes: new Uint8Array(3) })
  await session.send({ data: 'x' })
  await session.end()
  expect(line.signals).toBe(0)
})
