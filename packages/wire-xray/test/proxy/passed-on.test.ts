import { connect, TcpError, wrapConnection } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bytes, gone, readAll, readSome, setStage } from './stage.ts'

describe('an end', () => {
  test('of the client is an end for the server, who may still answer', async () => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await client.write(bytes('a request without a length'))
    await client.end()
    expect(await readAll(server)).toBe('a request without a length')
    await server.write(bytes('an answer'))
    await server.end()
    expect(await readAll(client)).toBe('an answer')
  })

  test('of the server is an end for the client, who may still send', async () => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await server.write(bytes('bye'))
    await server.end()
    expect(await readAll(client)).toBe('bye')
    await client.write(bytes('one more thing'))
    await client.end()
    expect(await readAll(server)).toBe('one more thing')
  })

  test('without a byte is one, too', async () => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await client.end()
    expect(await readAll(server)).toBe('')
    await server.end()
    expect(await readAll(client)).toBe('')
  })
})

describe('a reset', () => {
  test('of the server is a reset for the client, behind what came before it', async () => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await server.write(bytes('half an ans'))
    expect(await readSome(client, 11)).toBe('half an ans')
    server.abort()
    await expect(readAll(client)).rejects.toMatchObject({ code: 'TCP_RESET' })
    await stage.proxy.settled()
    expect(stage.items).toContainEqual(expect.objectContaining({ kind: 'reset', direction: 'down' }))
  })

  test('of the client is a reset for the server', async () => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await client.write(bytes('GET'))
    expect(await readSome(server, 3)).toBe('GET')
    client.abort()
    await expect(readAll(server)).rejects.toMatchObject({ code: 'TCP_RESET' })
    await stage.proxy.settled()
    expect(stage.items).toContainEqual(expect.objectContaining({ kind: 'reset', direction: 'up' }))
  })

  test('of a client that has ended its side is still a reset for the server, once it writes', async () => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await client.end()
    expect(await readAll(server)).toBe('')
    client.abort()
    await gone(client)
    while (!server.signal.aborted) {
      server.write(bytes('is anybody there?')).catch(() => {})
      await new Promise(setImmediate)
    }
    expect(server.signal.reason).toBeInstanceOf(TcpError)
    expect(server.signal.reason).toMatchObject({ code: 'TCP_RESET' })
  })
})

test('bytes are passed on first, and told and explained afterwards', async () => {
  const [near, far] = memoryPair()
  const order: string[] = []
  const target = wrapConnection(near, {
    write(...parts) {
      order.push('passed on')
      return near.write(...parts)
    },
  })
  await using stage = await setStage({
    dial: async () => target,
    onEntry: ({ kind }) => order.push(kind === 'bytes' ? 'recorded' : kind),
    onItem: ({ kind }) => order.push(kind === 'read' ? 'explained' : kind),
  })
  await using client = await connect({ port: stage.proxy.address.port })
  await client.write(bytes('G'))
  expect(await readSome(far, 1)).toBe('G')
  await stage.proxy.settled()
  expect(order.filter((what) => what !== 'open')).toEqual(['passed on', 'recorded', 'explained'])
})
