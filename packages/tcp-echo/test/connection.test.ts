import { echo, TcpError } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { bytes, readAll, readText, text, turns, whenOver, writeUntilBroken } from './bytes.ts'
import { pairInMemory, tcpPair } from './pairs.ts'

const MIB = 1024 * 1024

/** Whoever tests against `memoryPair` relies on all of this being true of a real connection as well. */
describe.each([
  ['over TCP', tcpPair],
  ['in memory', pairInMemory],
])('a connection %s', (_, open) => {
  test('carries bytes both ways, in order', async () => {
    await using pair = await open()
    const { client, server } = pair
    await client.write(bytes('one '), bytes(''), bytes('two '))
    await client.write(bytes('three'))
    await server.write(bytes('four'))
    expect(await readText(server, 13)).toBe('one two three')
    expect(await readText(client, 4)).toBe('four')
  })

  test('knows both of its endpoints', async () => {
    await using pair = await open()
    expect(pair.client.remote).toEqual(pair.server.local)
    expect(pair.server.remote).toEqual(pair.client.local)
    expect(pair.client.local).not.toEqual(pair.client.remote)
  })

  test.each(['client', 'server'] as const)(
    'goes on in the other direction after a half-close by the %s',
    async (side) => {
      await using pair = await open()
      const [first, second] = side === 'client' ? [pair.client, pair.server] : [pair.server, pair.client]
      await first.write(bytes('question'))
      await first.end()
      expect(await readAll(second)).toBe('question')
      expect(await second.read()).toBeNull()
      await turns(5)
      expect(second.signal.aborted).toBe(false)
      await second.write(bytes('answer'))
      expect(await readText(first, 6)).toBe('answer')
    },
  )

  test('is over, without an error, when both directions have ended', async () => {
    await using pair = await open()
    await pair.client.write(bytes('last'))
    await Promise.all([pair.client.end(), pair.server.end()])
    expect(await readAll(pair.server)).toBe('last')
    expect(await whenOver(pair.server)).toMatchObject({ name: 'TcpError', code: 'TCP_CLOSED' })
    expect(await whenOver(pair.client)).toMatchObject({ name: 'TcpError', code: 'TCP_CLOSED' })
    expect(await pair.client.read()).toBeNull()
    await pair.client.end()
  })

  test('returns what was given back before what came after it', async () => {
    await using pair = await open()
    await pair.client.write(bytes('abcdef'))
    const first = (await pair.server.read()) as Uint8Array
    await pair.client.write(bytes('ghi'))
    pair.server.unread(first.subarray(2))
    pair.server.unread(first.subarray(6))
    expect(await readText(pair.server, 7)).toBe('cdefghi')
  })

  test('gives bytes back to a reader who waits already', async () => {
    await using pair = await open()
    const waiting = pair.server.read()
    pair.server.unread(bytes('x'))
    expect(text((await waiting) as Uint8Array)).toBe('x')
  })

  test('refuses a second read while one waits, and the first loses nothing', async () => {
    await using pair = await open()
    const first = pair.server.read()
    await expect(pair.server.read()).rejects.toBeInstanceOf(TypeError)
    await pair.client.write(bytes('x'))
    expect(text((await first) as Uint8Array)).toBe('x')
  })

  test('makes the writer wait for a slow reader', async () => {
    await using pair = await open()
    const { client, server } = pair
    const order: string[] = []
    const writing = client.write(new Uint8Array(64 * MIB)).then(() => order.push('written'))
    let total = (await server.read())?.length ?? 0
    await turns(20)
    order.push('read')
    expect(client.unsent).toBeGreaterThan(MIB)
    while (total < 64 * MIB) total += (await server.read())?.length ?? Number.NaN
    await writing
    expect(order).toEqual(['read', 'written'])
    expect(client.unsent).toBe(0)
  })

  test('sends what was written before it ends', async () => {
    await using pair = await open()
    void pair.client.write(new Uint8Array(8 * MIB))
    const ending = pair.client.end()
    let total = 0
    for await (const part of pair.server) total += part.length
    await ending
    expect(total).toBe(8 * MIB)
  })

  test('tells the other side of an abort as TCP_RESET, after what had arrived', async () => {
    await using pair = await open()
    await pair.client.write(bytes('arrived'))
    pair.server.unread((await pair.server.read()) as Uint8Array)
    pair.client.abort()
    const reason = await whenOver(pair.server)
    expect(reason).toBeInstanceOf(TcpError)
    expect(reason).toMatchObject({ code: 'TCP_RESET' })
    expect(await readText(pair.server, 7)).toBe('arrived')
    await expect(pair.server.read()).rejects.toBe(reason)
    await expect(pair.server.read()).rejects.toBe(reason)
    await expect(pair.server.write(bytes('x'))).rejects.toBe(reason)
    await expect(pair.server.end()).rejects.toBe(reason)
  })

  test('wakes a waiting reader when the other side aborts', async () => {
    await using pair = await open()
    const reading = pair.server.read()
    pair.client.abort()
    await expect(reading).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('drops everything at once on an abort of our own', async () => {
    await using pair = await open()
    const { client, server } = pair
    await server.write(bytes('unread'))
    client.unread((await client.read()) as Uint8Array)
    const writing = client.write(new Uint8Array(64 * MIB))
    const reason = new Error('changed my mind')
    client.abort(reason)
    expect(client.signal.reason).toBe(reason)
    await expect(writing).rejects.toBe(reason)
    await expect(client.read()).rejects.toBe(reason)
    client.unread(bytes('too late'))
    await expect(client.read()).rejects.toBe(reason)
    await expect(client.write(bytes('x'))).rejects.toBe(reason)
    await expect(client.end()).rejects.toBe(reason)
    client.abort(new Error('a second time'))
    await expect(client.read()).rejects.toBe(reason)
    expect(client.unsent).toBe(0)
  })

  test('wakes a waiting reader on an abort of our own, with a TcpError when no reason was given', async () => {
    await using pair = await open()
    const reading = pair.client.read()
    pair.client.abort()
    await expect(reading).rejects.toMatchObject({ name: 'TcpError', code: 'TCP_CLOSED' })
  })

  test('does not take an abort for a clean end, even when a FIN had come', async () => {
    await using pair = await open()
    await pair.server.end()
    expect(await pair.client.read()).toBeNull()
    pair.client.abort()
    await expect(pair.client.read()).rejects.toMatchObject({ code: 'TCP_CLOSED' })
  })

  test('does not crash a program that watches signal instead of its writes', async () => {
    await using pair = await open()
    const unhandled: unknown[] = []
    const onUnhandled = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', onUnhandled)
    void pair.client.write(new Uint8Array(64 * MIB))
    pair.client.abort()
    void pair.client.write(bytes('x'))
    await turns(5)
    process.off('unhandledRejection', onUnhandled)
    expect(unhandled).toEqual([])
  })

  test('cannot be written to after its end', async () => {
    await using pair = await open()
    await pair.client.end()
    await pair.client.end()
    await expect(pair.client.write(bytes('x'))).rejects.toMatchObject({ code: 'TCP_CLOSED' })
  })

  test('refuses what is not a Uint8Array before a byte is sent', async () => {
    await using pair = await open()
    await expect(pair.client.write(bytes('a'), 'b' as never)).rejects.toBeInstanceOf(TypeError)
    await pair.client.write(bytes('c'))
    await pair.client.end()
    expect(await readAll(pair.server)).toBe('c')
  })

  test('is left open by whoever breaks out of its loop', async () => {
    await using pair = await open()
    await pair.client.write(bytes('first'))
    for await (const _ of pair.server) break
    await pair.client.write(bytes('second'))
    expect(await readText(pair.server, 6)).toBe('second')
  })

  test('sends what was written, and FIN, when it is disposed', async () => {
    await using pair = await open()
    void pair.client.write(new Uint8Array(8 * MIB))
    const disposing = pair.client[Symbol.asyncDispose]()
    let total = 0
    for await (const part of pair.server) total += part.length
    await disposing
    expect(total).toBe(8 * MIB)
    expect(pair.client.signal.aborted).toBe(true)
    await pair.client[Symbol.asyncDispose]()
  })

  test('is a TCP_RESET to whoever writes to a side that is gone', async () => {
    await using pair = await open()
    await pair.client[Symbol.asyncDispose]()
    expect(await pair.server.read()).toBeNull()
    await expect(writeUntilBroken(pair.server)).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(await whenOver(pair.server)).toMatchObject({ code: 'TCP_RESET' })
  })

  test('comes back from echo unchanged', async () => {
    await using pair = await open()
    const echoing = echo(pair.server)
    const everything = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    await pair.client.write(everything)
    await pair.client.end()
    const parts: Uint8Array[] = []
    for await (const part of pair.client) parts.push(part)
    await echoing
    expect(Buffer.concat(parts)).toEqual(Buffer.from(everything))
  })
})
