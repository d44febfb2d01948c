import { createResponseDecoder, latin1 } from '@sse-from-scratch/http-raw'
import type { Receiver } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { expect, test } from 'vitest'
import { createMessageReader } from '../src/incoming.ts'
import { keptConnection } from '../src/kept-connection.ts'
import { bytes } from './support.ts'

test('what comes to a lent connection before it is read waits for the reader', async () => {
  const [client, server] = memoryPair()
  const kept = keptConnection(client)
  kept.listen(() => expect.unreachable())
  kept.lend(() => {})
  await server.write(bytes('early'))
  expect(kept.heard).toBe(false)
  expect(latin1((await kept.connection.read()) as Uint8Array)).toBe('early')
  expect(kept.heard).toBe(true)
})

test('two reads at a time are a TypeError, also when they are the first', async () => {
  const [client, server] = memoryPair()
  const kept = keptConnection(client)
  kept.lend(() => {})
  const first = kept.connection.read()
  await expect(kept.connection.read()).rejects.toBeInstanceOf(TypeError)
  await server.write(bytes('one'))
  expect(latin1((await first) as Uint8Array)).toBe('one')
})

test('what breaks a lent connection before it is read is what its reader hears', async () => {
  const [client, server] = memoryPair()
  const kept = keptConnection(client)
  kept.listen(() => expect.unreachable())
  kept.lend(() => {})
  server.abort()
  await expect(kept.connection.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
  expect(kept.heard).toBe(false)
})

test('a message whose reads are all there is read one after the other, to its end', async () => {
  const reads = ['HTTP/1.1 200 OK\r\n', 'Content-Length: 9\r\n\r\n', 'one', 'two', 'end'].map(bytes)
  const source = {
    read: () => expect.unreachable(),
    receive: (receiver: Receiver) => receiver.onBytes(reads.shift() ?? null),
    unread: () => expect.unreachable(),
  }
  const reader = createMessageReader(source, createResponseDecoder('GET'), { collectedSize: 100 })
  expect(await reader.head()).toMatchObject({ status: 200 })
  expect(await reader.body.text()).toBe('onetwoend')
})
