import { once } from 'node:events'
import { connect as netConnect } from 'node:net'
import { connect, createLineDecoder, echo, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { growthDuring, standstill } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'

const MIB = 1024 * 1024

/** The proof that an attack was one on the attacker's own connection only. */
async function expectEcho(listener: Listener): Promise<void> {
  const client = await connect({ port: listener.address.port })
  await client.write(Buffer.from('hello'))
  await client.end()
  let text = ''
  for await (const part of client) text += Buffer.from(part).toString()
  expect(text).toBe('hello')
}

test('a client that sends without end and never reads is sent to wait, and nothing piles up', async () => {
  await using listener = await listen(echo)
  const client = await connect({ port: listener.address.port })
  const piece = new Uint8Array(64 * 1024)
  let taken = 0
  const growth = await growthDuring(async () => {
    void (async () => {
      for (; !client.signal.aborted; taken += piece.length) await client.write(piece)
    })().catch(() => {}) // aborted below
    await standstill(() => taken)
    await expectEcho(listener)
  })
  expect(taken).toBeGreaterThan(0)
  expect(growth).toBeLessThan(2 * MIB)
  client.abort()
})

test('a line without an end is refused, and no more of it is kept than its limit', async () => {
  const failures: unknown[] = []
  await using listener = await listen(
    async (connection) => {
      const lines = createLineDecoder()
      for await (const bytes of connection) lines.push(bytes, () => {})
    },
    { onError: (error) => failures.push(error) },
  )
  const client = await connect({ port: listener.address.port })
  const piece = Buffer.alloc(64 * 1024, 'a')
  const growth = await growthDuring(async () => {
    while (!client.signal.aborted) {
      await client.write(piece).catch(() => {}) // hung up on
      await new Promise(setImmediate)
    }
  })
  expect(growth).toBeLessThan(MIB)
  expect(failures).toEqual([expect.objectContaining({ code: 'TCP_LINE_TOO_LONG' })])
})

test('clients that reset as soon as they are there leave nothing behind', async () => {
  await using listener = await listen(echo)
  const visit = async () => {
    const socket = netConnect(listener.address.port, '127.0.0.1', () => socket.resetAndDestroy())
    await once(socket, 'close')
  }
  const wave = async (size: number) => {
    for (let done = 0; done < size; done += 250) {
      await Promise.all(Array.from({ length: 250 }, visit))
      // First come, first accepted: with this answer the 250 are no longer in the queue of the kernel. It has room for
      // 511, and whoever comes to a full one tries again after a second.
      await expectEcho(listener)
    }
  }
  await wave(500) // what is made once is made now
  const growth = await growthDuring(() => wave(9500))
  expect(growth).toBeLessThan(2 * MIB)
  await listener.close() // resolves when no connection is left
}, 120_000) // 1 s of CPU time, which may be long in coming

test('a crowd at the door is turned away, and who is inside is served', async () => {
  await using listener = await listen(echo, { maxConnections: 1 })
  const guest = await connect({ port: listener.address.port })
  await guest.write(Buffer.from('a'))
  await guest.read()
  const turnedAway = () =>
    new Promise<unknown>((resolve) => {
      const socket = netConnect(listener.address.port, '127.0.0.1').resume()
      socket.on('error', () => {}) // a reset turns away, too
      socket.once('close', resolve)
    })
  await Promise.all(Array.from({ length: 500 }, turnedAway))
  await guest.write(Buffer.from('b'))
  expect(Buffer.from((await guest.read()) ?? []).toString()).toBe('b')
})

test('who says nothing is let go after idleTimeout, whichever half is still open', async () => {
  await using listener = await listen(async (connection) => void (await connection.read()), { idleTimeout: 50 })
  const halves = [
    await connect({ port: listener.address.port }), // sends nothing
    await connect({ port: listener.address.port }),
  ]
  await halves[1]?.end() // has sent FIN, and does not close
  for (const half of halves) {
    const end = await half.read().then(
      () => 'FIN',
      (error) => error.code,
    )
    expect(['FIN', 'TCP_RESET']).toContain(end)
    half.abort()
  }
  await listener.close()
})
