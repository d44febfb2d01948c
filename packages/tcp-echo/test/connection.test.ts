import { connect, createLineDecoder, echo, listen, TcpError } from '@sse-from-scratch/tcp-echo'
import { decodeAll, everySplit, memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (...parts: Uint8Array[]) => Buffer.concat(parts).toString()

describe('connection', () => {
  test('echoes across half-close', async () => {
    await using server = await listen(echo)
    await using client = await connect({ port: server.address.port })
    await client.write(bytes('hel'), bytes('lo'))
    await client.end()
    const got: Uint8Array[] = []
    for await (const part of client) got.push(part)
    expect(text(...got)).toBe('hello')
  })

  test('write waits for a slow reader', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let total = 0
    await using server = await listen(async (connection) => {
      await gate
      for await (const part of connection) total += part.length
    })
    await using client = await connect({ port: server.address.port })
    const block = new Uint8Array(1 << 20)
    let written = 0
    const writing = (async () => {
      for (let i = 0; i < 64; i++) {
        await client.write(block)
        written++
      }
      await client.end()
    })()
    await new Promise((r) => setTimeout(r, 200))
    expect(written).toBeLessThan(32)
    release()
    await writing
    await server.close()
    expect(total).toBe(64 << 20)
  })

  test('refused', async () => {
    const server = await listen(echo)
    const { port } = server.address
    await server.close()
    await expect(connect({ port })).rejects.toMatchObject({ name: 'TcpError', code: 'TCP_REFUSED' })
  })

  test('reset shows up as TCP_RESET on read, and as the reason of the signal', async () => {
    await using server = await listen(async (connection) => {
      await connection.read()
      connection.abort()
    })
    await using client = await connect({ port: server.address.port })
    await client.write(bytes('x'))
    await expect(client.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(client.signal.aborted).toBe(true)
    expect(client.signal.reason).toBeInstanceOf(TcpError)
  })

  test('idle timeout', async () => {
    await using server = await listen(async (c) => {
      await c.read()
    })
    await using client = await connect({ port: server.address.port, idleTimeout: 50 })
    await expect(client.read()).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
  })

  test('abort signal surfaces as its reason', async () => {
    const reason = new Error('changed my mind')
    await expect(connect({ port: 9, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  test('memory pair behaves the same', async () => {
    const [client, server] = memoryPair()
    void echo(server)
    await client.write(bytes('hi'))
    await client.end()
    const got: Uint8Array[] = []
    for await (const part of client) got.push(part)
    expect(text(...got)).toBe('hi')
  })
})

test('lines survive every split', () => {
  const input = bytes('héllo\r\nwörld\n\r\nrest')
  for (const reads of everySplit(input))
    expect(decodeAll(createLineDecoder(), reads)).toEqual(['héllo', 'wörld', '', 'rest'])
})
