import { Socket } from 'node:net'
import type { Connection, Receiver } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test, vi } from 'vitest'
import { bytes, text, turns } from './bytes.ts'
import { tcpPair } from './pairs.ts'

/** Notes what it is told. */
function listener(): Receiver & { readonly told: unknown[] } {
  const told: unknown[] = []
  return {
    told,
    onBytes: (piece) => void told.push(piece === null ? null : text(piece)),
    onBroken: (error) => void told.push(error),
  }
}

function receive(connection: Connection, receiver: Receiver): void {
  if (!connection.receive) throw new Error('a socket can receive without a promise')
  connection.receive(receiver)
}

function send(connection: Connection, latin1: string): Promise<void> | undefined {
  if (!connection.send) throw new Error('a socket can send without a promise')
  return connection.send(latin1)
}

async function untilTold({ told }: { readonly told: unknown[] }): Promise<void> {
  while (told.length === 0) await turns(1)
}

describe('receive', () => {
  test('tells once of what comes next, then of the end', async () => {
    await using pair = await tcpPair()
    const [first, second] = [listener(), listener()]
    receive(pair.server, first)
    expect(first.told).toEqual([])
    await pair.client.write(bytes('hello'))
    await untilTold(first)
    receive(pair.server, second)
    await pair.client.end()
    await untilTold(second)
    expect([first.told, second.told]).toEqual([['hello'], [null]])
  })

  test('tells before it returns of what has come already', async () => {
    await using pair = await tcpPair()
    pair.server.unread(bytes('again'))
    const listening = listener()
    receive(pair.server, listening)
    expect(listening.told).toEqual(['again'])
  })

  test('tells that the connection broke', async () => {
    await using pair = await tcpPair()
    const listening = listener()
    receive(pair.server, listening)
    pair.client.abort()
    await untilTold(listening)
    expect(listening.told).toMatchObject([{ code: 'TCP_RESET' }])
  })

  test('cannot wait beside a read, nor a read beside it', async () => {
    await using pair = await tcpPair()
    const [first, second] = [listener(), listener()]
    receive(pair.server, first)
    receive(pair.server, second)
    expect(second.told).toEqual([expect.any(TypeError)])
    await expect(pair.server.read()).rejects.toThrow(TypeError)
    await pair.client.write(bytes('x'))
    await untilTold(first)
    expect(first.told).toEqual(['x'])
  })
})

describe('send', () => {
  test('keeps its place among writes, one byte a character', async () => {
    await using pair = await tcpPair()
    send(pair.client, 'a\xe9')
    pair.client.write(bytes('b'), bytes('c'))
    send(pair.client, 'd')
    send(pair.client, 'e')
    pair.client.write(bytes('f'))
    expect(pair.client.unsent).toBe(7)
    await pair.client.end()
    const pieces: Uint8Array[] = []
    for await (const piece of pair.server) pieces.push(piece)
    expect(Buffer.concat(pieces).toString('latin1')).toBe('a\xe9bcdef')
  })

  test('has nothing to wait for while there is room, and else a promise that the reader keeps', async () => {
    await using pair = await tcpPair()
    expect(send(pair.client, 'x')).toBeUndefined()
    const large = 'x'.repeat(16 * 1024 * 1024)
    const room = send(pair.client, large)
    expect(room).toBeInstanceOf(Promise)
    let got = 0
    while (got < 1 + large.length) got += (await pair.server.read())?.length ?? 0
    expect(await room).toBeUndefined()
  })

  test('rejects after the end', async () => {
    await using pair = await tcpPair()
    await pair.client.end()
    await expect(send(pair.client, 'x')).rejects.toMatchObject({ code: 'TCP_CLOSED' })
  })
})

describe('one turn', () => {
  test('is over when no promise is left to go on: what is written in reaction leaves with what was written before', async () => {
    await using pair = await tcpPair()
    await turns(1)
    const write = vi.spyOn(Socket.prototype, 'write')
    void pair.client.write(bytes('a'))
    for (let step = 0; step < 10; step++) await undefined
    void pair.client.write(bytes('b'))
    await turns(1)
    const calls = write.mock.calls.length
    write.mockRestore()
    expect(calls).toBe(1)
    expect(text((await pair.server.read()) ?? bytes(''))).toBe('ab')
  })

  test('need not be over for the last that is sent, nor for what waits in front of it', async () => {
    await using pair = await tcpPair()
    const write = vi.spyOn(Socket.prototype, 'write')
    void pair.client.write(bytes('a'))
    pair.client.send?.('b')
    pair.client.send?.('c', true)
    const atOnce = write.mock.calls.length
    await turns(1)
    const calls = write.mock.calls.length
    write.mockRestore()
    expect([atOnce, calls]).toEqual([1, 1])
    expect(text((await pair.server.read()) ?? bytes(''))).toBe('abc')
  })
})
