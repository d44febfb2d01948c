import { type Connection, type Overheard, overhear, wrapConnection } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bytes, readAll, text } from './bytes.ts'
import { tcpPair } from './pairs.ts'

describe('a wrapped connection', () => {
  test('is the connection, where nothing is changed', async () => {
    await using pair = await tcpPair()
    const wrapped = wrapConnection(pair.client, {})
    expect([wrapped.local, wrapped.remote, wrapped.signal]).toEqual([
      pair.client.local,
      pair.client.remote,
      pair.client.signal,
    ])
    await wrapped.write(bytes('a'), bytes('b'))
    await wrapped.send?.('c', true)
    await wrapped.end()
    expect(await readAll(pair.server)).toBe('abc')
    await pair.server.write(bytes('back'))
    await pair.server.end()
    expect(await readAll(wrapped)).toBe('back')
    await wrapped[Symbol.asyncDispose]()
    expect(pair.client.signal.aborted).toBe(true)
  })

  test('tells what is unsent now, and not when it was wrapped', () => {
    const [client, server] = memoryPair({ capacity: 0 })
    const wrapped = wrapConnection(client, {})
    void client.write(bytes('four'))
    expect(wrapped.unsent).toBe(4)
    server.abort()
    expect(wrapped.unsent).toBe(0)
  })

  test('has no way past a change', async () => {
    await using pair = await tcpPair()
    const members = (connection: Connection) => ['receive' in connection, 'send' in connection]
    const { read, write } = pair.client
    expect(members(wrapConnection(pair.client, {}))).toEqual([true, true])
    expect(members(wrapConnection(pair.client, { read }))).toEqual([false, true])
    expect(members(wrapConnection(pair.client, { write }))).toEqual([true, false])
    expect(members(wrapConnection(memoryPair()[0], {}))).toEqual([false, false])
  })

  test('is read by its own read where it is iterated', async () => {
    const left = [bytes('one '), bytes('two'), null]
    const wrapped = wrapConnection(memoryPair()[0], { read: async () => left.shift() ?? null })
    expect(await readAll(wrapped)).toBe('one two')
  })
})

describe('an overheard connection', () => {
  /** What was heard, in short. */
  function witness(): { heard: string[]; listener: (event: Overheard) => void } {
    const heard: string[] = []
    return { heard, listener: (event) => void heard.push(inShort(event)) }
  }

  function inShort(event: Overheard): string {
    if (event.kind === 'bytes') return `${event.direction} ${text(event.bytes)}`
    if (event.kind === 'fin') return `${event.direction} fin`
    return event.kind === 'broken' ? `broken ${(event.error as { code: string }).code}` : event.kind
  }

  test('tells of bytes and ends in both directions, once each', async () => {
    const [client, server] = memoryPair()
    const { heard, listener } = witness()
    const connection = overhear(client, listener)
    await connection.write(bytes('a'), new Uint8Array(0), bytes('b'))
    await server.write(bytes('c'))
    await connection.read()
    await connection.end()
    await connection.end()
    await server.end()
    for (let i = 0; i < 2; i++) expect(await connection.read()).toBeNull()
    await connection[Symbol.asyncDispose]()
    expect(heard).toEqual(['write a', 'write b', 'read c', 'write fin', 'read fin', 'released'])
  })

  test('tells once of bytes that were given back, also where they come again in pieces', async () => {
    const reads = ['abcd', 'b', 'cd', 'ef'].map(bytes)
    const { heard, listener } = witness()
    const bare = wrapConnection(memoryPair()[0], { read: async () => reads.shift() ?? null, unread: () => {} })
    const connection = overhear(bare, listener)
    connection.unread(((await connection.read()) as Uint8Array).subarray(1))
    for (let i = 0; i < 3; i++) await connection.read()
    expect(heard).toEqual(['read abcd', 'read ef'])
  })

  test('tells what broke it, but not that our own abort did', async () => {
    const [client, server] = memoryPair()
    const { heard, listener } = witness()
    const connection = overhear(client, listener)
    server.abort()
    await expect(connection.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
    connection.abort()
    await expect(connection.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(heard).toEqual(['broken TCP_RESET', 'released'])
  })

  test('tells of an abort once, and of no end after it', async () => {
    const [client] = memoryPair()
    const { heard, listener } = witness()
    const connection = overhear(client, listener)
    const read = connection.read()
    connection.abort(new Error('enough'))
    connection.abort()
    await expect(read).rejects.toThrow('enough')
    await connection.end().catch(() => {})
    await connection[Symbol.asyncDispose]()
    expect(heard).toEqual(['abort', 'released', 'released', 'released'])
  })

  test('is let go of even if its listener throws', async () => {
    const cause = new Error('the listener')
    const fails = (event: Overheard) => {
      if (event.kind !== 'bytes') throw cause
    }
    const [one] = memoryPair()
    expect(() => overhear(one, fails).abort()).toThrow(cause)
    const [two] = memoryPair()
    await expect(overhear(two, fails)[Symbol.asyncDispose]()).rejects.toBe(cause)
    const [three, peer] = memoryPair()
    await expect(overhear(three, fails).end()).rejects.toBe(cause)
    expect([one.signal.aborted, two.signal.aborted, await peer.read()]).toEqual([true, true, null])
  })

  test('hands on a write as it is: whoever does not wait for it need not catch', async () => {
    const [client, server] = memoryPair()
    const connection = overhear(client, () => {})
    server.abort()
    void connection.write(bytes('x'))
    await expect(connection.write(bytes('x'))).rejects.toMatchObject({ code: 'TCP_RESET' })
  })
})
