import { Socket } from 'node:net'
import { fromSocket } from '@sse-from-scratch/tcp-echo'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { unwatchIdle, watchIdle } from '../src/idle-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A socket on which bytes move when a test says so, in the time of the test. */
class TalkingSocket extends Socket {
  readonly moved = { read: 0, written: 0 }
  readonly timeouts: number[] = []
  readonly #start = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor() {
    super()
    Object.defineProperties(this, {
      bytesRead: { get: () => this.moved.read },
      bytesWritten: { get: () => this.moved.written },
      timeout: { writable: true },
    })
    this.on('timeout', () => this.timeouts.push(performance.now() - this.#start))
  }

  move(direction: 'read' | 'written'): void {
    this.moved[direction]++
    if (this.timeout) this.setTimeout(this.timeout) // as Node does
  }

  override setTimeout(time: number): this {
    Object.assign(this, { timeout: time })
    clearTimeout(this.#timer)
    if (time > 0) this.#timer = setTimeout(() => this.emit('timeout'), time)
    return this
  }
}

test.each([0, 1, 40, 124, 125, 126, 900])(
  'who is quiet from %d ms on is told so not before a second has passed, and a quarter later at most',
  (last) => {
    const socket = new TalkingSocket()
    const watched = watchIdle(socket, 1000)
    vi.advanceTimersByTime(last)
    socket.move('read')
    vi.advanceTimersByTime(1250)
    expect(socket.timeouts).toHaveLength(1)
    expect(socket.timeouts[0]).toBeGreaterThanOrEqual(last + 1000)
    expect(socket.timeouts[0]).toBeLessThanOrEqual(last + 1250)
    unwatchIdle(watched)
  },
)

test.each(['read', 'written'] as const)(
  'who moves a byte (%s) in time is never told, however long that goes on',
  (direction) => {
    const socket = new TalkingSocket()
    const watched = watchIdle(socket, 1000)
    for (let second = 0; second < 100; second++) {
      vi.advanceTimersByTime(999)
      socket.move(direction)
    }
    expect(socket.timeouts).toEqual([])
    unwatchIdle(watched)
  },
)

test.each(['read', 'written'] as const)('who has moved a byte (%s) again loses the timer of its own', (direction) => {
  const socket = new TalkingSocket()
  const watched = watchIdle(socket, 1000)
  vi.advanceTimersByTime(500)
  expect(socket.timeout).toBe(1000)
  socket.move(direction)
  vi.advanceTimersByTime(125)
  expect(socket.timeout).toBe(0)
  unwatchIdle(watched)
})

test('nobody is watched, and no timer runs, when it has been stopped', () => {
  const sockets = [new TalkingSocket(), new TalkingSocket()]
  const watched = sockets.map((socket) => watchIdle(socket, 1000))
  expect(vi.getTimerCount()).toBe(1) // one for all
  for (const each of watched) unwatchIdle(each)
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(5000)
  expect(sockets.map(({ timeouts }) => timeouts)).toEqual([[], []])
})

test('with 0 there is neither a watch nor the timer that the socket came with', () => {
  const socket = new TalkingSocket()
  socket.setTimeout(10)
  unwatchIdle(watchIdle(socket, 0))
  vi.advanceTimersByTime(5000)
  expect([socket.timeout, socket.timeouts, vi.getTimerCount()]).toEqual([0, [], 0])
})

test('a connection that is quiet for five minutes is cut, unless it is told otherwise', () => {
  const socket = new TalkingSocket()
  fromSocket(socket)
  vi.advanceTimersByTime(299_999)
  expect(socket.destroyed).toBe(false)
  vi.advanceTimersByTime(75_001)
  expect(socket.destroyed).toBe(true)
})

test('an idle timeout of Infinity is as long as timers can be', () => {
  const socket = new TalkingSocket()
  fromSocket(socket, { idleTimeout: Number.POSITIVE_INFINITY })
  vi.advanceTimersByTime(2 ** 30)
  expect([socket.destroyed, socket.timeout]).toEqual([false, 2 ** 31 - 1])
})
