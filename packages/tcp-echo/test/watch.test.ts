import { type Connection, type Watcher, watch, wrapConnection } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { turns } from './bytes.ts'
import { tcpPair } from './pairs.ts'

function watcher(): Watcher & { readonly told: unknown[] } {
  const told: unknown[] = []
  return { told, onOver: (reason) => void told.push(reason) }
}

/** Those who have a way of their own, and those who have only a signal. */
const KINDS: readonly (readonly [name: string, pair: () => Promise<Pair>])[] = [
  ['a socket', tcpPair],
  ['a wrapped socket', () => wrappedPair()],
  ['a connection in memory', async () => inMemory()],
]

type Pair = { readonly client: Connection; readonly server: Connection } & AsyncDisposable

async function wrappedPair(): Promise<Pair> {
  const { client, server, ...rest } = await tcpPair()
  return { ...rest, client, server: wrapConnection(server, {}) }
}

function inMemory(): Pair {
  const [client, server] = memoryPair()
  return {
    client,
    server,
    async [Symbol.asyncDispose]() {
      client.abort()
      server.abort()
    },
  }
}

async function untilTold({ told }: { readonly told: unknown[] }): Promise<void> {
  while (told.length === 0) await turns(1)
}

describe.each(KINDS)('who watches %s', (_, open) => {
  test('is told once of our own abort, with its reason, before it returns', async () => {
    await using pair = await open()
    const watching = watcher()
    watch(pair.server, watching)
    const reason = new Error('enough')
    pair.server.abort(reason)
    expect(watching.told).toEqual([reason])
    pair.server.abort(new Error('again'))
    await turns(3)
    expect(watching.told).toEqual([reason])
  })

  test('is told what the signal says when the other side has broken it', async () => {
    await using pair = await open()
    const watching = watcher()
    watch(pair.server, watching)
    pair.client.abort()
    void pair.server.read().catch(() => {})
    await untilTold(watching)
    expect(watching.told).toMatchObject([{ code: 'TCP_RESET' }])
    expect(watching.told).toEqual([pair.server.signal.reason]) // made just now, or long before
    expect(pair.server.signal.aborted).toBe(true)
  })

  test('is told before it returns when it is over already', async () => {
    await using pair = await open()
    const reason = new Error('over')
    pair.server.abort(reason)
    const watching = watcher()
    watch(pair.server, watching)
    expect(watching.told).toEqual([reason])
  })

  test('is told beside those who listen to the signal', async () => {
    await using pair = await open()
    const watching = [watcher(), watcher()]
    for (const each of watching) watch(pair.server, each)
    let aborts = 0
    pair.server.signal.addEventListener('abort', () => aborts++)
    pair.server.abort()
    expect([aborts, ...watching.map(({ told }) => told.length)]).toEqual([1, 1, 1])
  })
})

test('who has taken it back is not told, and the others are', async () => {
  await using pair = await tcpPair()
  const [gone, left] = [watcher(), watcher()]
  for (const each of [gone, left]) pair.server.watch?.(each)
  pair.server.unwatch?.(gone)
  pair.server.unwatch?.(watcher()) // a stranger
  pair.server.abort()
  expect([gone.told.length, left.told.length]).toEqual([0, 1])
})
