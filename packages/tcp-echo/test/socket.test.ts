import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { connect, fromSocket, listen } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { bytes, readAll, text, turns, whenOver, writeUntilBroken } from './bytes.ts'
import { tcpPair } from './pairs.ts'

const KIB = 1024

/** The two sockets of a connection, for tests that look at what happens below a Connection. */
async function socketPair(): Promise<{ near: Socket; far: Socket; [Symbol.dispose](): void }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const near = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [far] = await accepted
  await once(near, 'connect').catch(() => {})
  server.close()
  far.on('error', () => {})
  return {
    near,
    far,
    [Symbol.dispose]() {
      near.destroy()
      far.destroy()
    },
  }
}

describe('reading', () => {
  test('nobody reads: what is taken from the kernel stays bounded, whatever the peer sends', async () => {
    using pair = await socketPair()
    const connection = fromSocket(pair.near)
    pair.far.write(new Uint8Array(64 * 1024 * KIB))
    while (!pair.near.isPaused()) await turns(1)
    await turns(50)
    expect(pair.near.bytesRead).toBeLessThan(512 * KIB)
    connection.abort()
  })

  test('what had been taken from the kernel outlives a reset', async () => {
    using pair = await socketPair()
    const connection = fromSocket(pair.near)
    pair.far.write(new Uint8Array(300 * KIB))
    while (!pair.near.isPaused()) await turns(1)
    await turns(20)
    const taken = pair.near.bytesRead
    pair.far.resetAndDestroy()
    await expect(writeUntilBroken(connection)).rejects.toMatchObject({ code: 'TCP_RESET' })
    let total = 0
    const reading = (async () => {
      for await (const part of connection) total += part.length
    })()
    await expect(reading).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(total).toBeGreaterThanOrEqual(taken)
  })

  test('a socket that is closed already is a connection that is over', async () => {
    using pair = await socketPair()
    pair.near.destroy()
    await once(pair.near, 'close')
    const connection = fromSocket(pair.near)
    expect(connection.signal.aborted).toBe(true)
    await expect(connection.read()).rejects.toMatchObject({ code: 'TCP_CLOSED' })
    await expect(connection.write(bytes('x'))).rejects.toMatchObject({ code: 'TCP_CLOSED' })
    await expect(connection.end()).rejects.toMatchObject({ code: 'TCP_CLOSED' })
    await connection[Symbol.asyncDispose]()
  })
})

describe('writing', () => {
  test('what a socket has not let go of stays as it was written, whatever others write next', async () => {
    using held = await socketPair()
    using other = await socketPair()
    const [first, second] = [fromSocket(held.near), fromSocket(other.near)]
    held.near.cork()
    void first.write(bytes('first, '), bytes('and held'))
    await turns(2)
    void second.write(bytes('second'), bytes(' of all'))
    await turns(2)
    held.near.uncork()
    await Promise.all([first.end(), second.end()])
    expect(await readAll(fromSocket(held.far))).toBe('first, and held')
    expect(await readAll(fromSocket(other.far))).toBe('second of all')
  })

  test('what is written in one turn of the event loop leaves as one write', async () => {
    using pair = await socketPair()
    const connection = fromSocket(pair.near)
    const sent = Array.from({ length: 32 }, (_, i) => `event ${i}\n`)
    const arrived = once(pair.far, 'data') as Promise<[Uint8Array]>
    for (const part of sent) void connection.write(bytes(part))
    expect(connection.unsent).toBe(sent.join('').length)
    expect(text(...(await arrived))).toBe(sent.join(''))
  })
})

describe('a socket that has been lost, and has not closed yet', () => {
  const broken = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })

  test('a write says what broke it, and not that our side has ended', async () => {
    using pair = await socketPair()
    const connection = fromSocket(pair.near)
    pair.near.destroy(broken())
    expect(connection.signal.aborted).toBe(false)
    await expect(connection.write(bytes('x'))).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(connection.signal.reason).toMatchObject({ code: 'TCP_RESET' })
  })

  test('a handler that writes until its signal aborts comes to its end', async () => {
    using pair = await socketPair()
    const connection = fromSocket(pair.near)
    pair.near.destroy(broken())
    let writes = 0
    while (!connection.signal.aborted && writes < 1000) {
      writes++
      await connection.write(bytes('x')).catch(() => {})
    }
    expect(writes).toBe(1)
  })
})

describe('time', () => {
  test('a connection on which no byte moves is cut with TCP_TIMEOUT, and its peer sees a reset', async () => {
    await using pair = await tcpPair({ idleTimeout: 20 })
    await expect(pair.server.read()).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
    expect(pair.server.signal.reason).toMatchObject({ code: 'TCP_TIMEOUT' })
    expect(await whenOver(pair.client)).toMatchObject({ code: 'TCP_RESET' })
  })

  test('a timeout leaves what had arrived to be read', async () => {
    await using pair = await tcpPair({ idleTimeout: 20 })
    await pair.client.write(bytes('x'))
    await whenOver(pair.server)
    expect(text((await pair.server.read()) as Uint8Array)).toBe('x')
    await expect(pair.server.read()).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
  })

  test.each([{ idleTimeout: -1 }, { idleTimeout: Number.NaN }, { keepAliveDelay: -1 }])(
    '%j is a RangeError',
    async (options) => {
      using pair = await socketPair()
      expect(() => fromSocket(pair.near, options)).toThrow(RangeError)
      await expect(connect({ port: 1, ...options })).rejects.toBeInstanceOf(RangeError)
      await expect(listen(() => {}, options)).rejects.toBeInstanceOf(RangeError)
    },
  )
})

test.each([
  [{}, [true], [true, 60_000]],
  [{ noDelay: false, keepAlive: false }, [false], [false, 60_000]],
  [{ keepAliveDelay: 5000 }, [true], [true, 5000]],
])('%j sets no-delay %j and keep-alive %j', async (options, noDelay, keepAlive) => {
  using pair = await socketPair()
  const asked: unknown[] = []
  pair.near.setNoDelay = (...args) => {
    asked.push(args)
    return pair.near
  }
  pair.near.setKeepAlive = (...args) => {
    asked.push(args)
    return pair.near
  }
  fromSocket(pair.near, options)
  expect(asked).toEqual([noDelay, keepAlive])
})

test('unref lets the process end although the connection is open, and ref takes that back', async () => {
  using pair = await socketPair()
  const connection = fromSocket(pair.near)
  const holding = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const before = holding()
  connection.unref?.()
  expect(holding()).toBe(before - 1)
  connection.ref?.()
  expect(holding()).toBe(before)
})
