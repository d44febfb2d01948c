import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRun } from '../src/run.ts'
import { listener } from './listener.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a model that nobody listens to any more is stopped when the time is over, and not before', async () => {
  const run = createRun('a', 1000)
  const one = listener()
  const heard = run.answer.attach(one.session)
  await vi.advanceTimersByTimeAsync(5000)
  expect(run.stop.signal.aborted).toBe(false)
  one.leave()
  await heard
  await vi.advanceTimersByTimeAsync(999)
  expect(run.stop.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(run.stop.signal.reason).toMatchObject({ message: 'Nobody has listened for 1 s.' })
})

test('who comes back in time takes the deadline away; leaving again sets a whole new one', async () => {
  const run = createRun('a', 1000)
  for (const _time of [1, 2, 3]) {
    const one = listener()
    void run.answer.attach(one.session)
    await vi.advanceTimersByTimeAsync(5000)
    one.leave()
    await vi.advanceTimersByTimeAsync(900)
    expect(run.stop.signal.aborted).toBe(false)
  }
  await vi.advanceTimersByTimeAsync(100)
  expect(run.stop.signal.aborted).toBe(true)
})

test('an answer that is finished while nobody listens keeps its bytes open for who comes back, for that time', async () => {
  const run = createRun('a', 1000)
  run.finish()
  await vi.advanceTimersByTimeAsync(999)
  expect(run.bytes.finished).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(run.bytes.finished).toBe(true)
  expect(run.stop.signal.aborted).toBe(false)
})

test('the bytes are over as soon as somebody has heard the answer to its end, or it was stopped', () => {
  const heard = createRun('a', 1000)
  heard.lines.add(memoryPair()[0])
  heard.finish()
  expect(heard.bytes.finished).toBe(false)
  heard.left(true)
  expect(heard.bytes.finished).toBe(true)

  const stopped = createRun('b', 1000)
  stopped.stop.abort(new Error('Stopped.'))
  stopped.finish()
  expect(stopped.bytes.finished).toBe(true)
})

test('a line that was cut after the last word, but before its end, can still come back for it', async () => {
  const run = createRun('a', 1000)
  const [line] = memoryPair()
  run.lines.add(line)
  run.finish()
  expect(run.cut()).toBe(1)
  expect(line.signal.aborted).toBe(true)
  run.lines.delete(line)
  run.left(false)
  await vi.advanceTimersByTimeAsync(999)
  expect(run.bytes.finished).toBe(false)
  run.left(true)
  expect(run.bytes.finished).toBe(true)
})
