import { wrapConnection } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Course, relay } from '../../src/proxy/relay.ts'
import { bytes } from './stage.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

/** A relay to a client that takes each write when it is told to, and the waits it told of. */
function relayToSlowClient() {
  const [client, proxySide] = memoryPair()
  const [server, serverSide] = memoryPair()
  const waits: number[] = []
  const writes: (() => void)[] = []
  const slow = wrapConnection(proxySide, {
    async write(...parts) {
      const taken = new Promise<void>((resolve) => writes.push(resolve))
      await proxySide.write(...parts)
      await taken
    },
  })
  const course: Course = { onBytes: () => {}, onFin: () => {}, onWait: () => {} }
  const done = relay(slow, serverSide, course, { ...course, onWait: (milliseconds) => waits.push(milliseconds) })
  async function send(milliseconds: number): Promise<void> {
    await server.write(bytes('x'))
    await client.read()
    vi.advanceTimersByTime(milliseconds)
    writes.shift()?.()
  }
  async function end(): Promise<void> {
    await Promise.all([client.end(), server.end()])
    await done
  }
  return { send, end, waits }
}

test('that a client took no more for 50 ms is told, when it does again', async () => {
  const { send, end, waits } = relayToSlowClient()
  await send(0)
  await send(49)
  await send(50)
  await send(1000)
  await end()
  expect(waits).toEqual([50, 1000])
})
